"""Which painter draws which place, in the order of PLACES."""

from .country import beach, farm, forest, park, snowfield
from .town import castle, harbour, market, school, station

PAINTERS = [harbour, market, park, school, beach, forest, castle, station, farm, snowfield]
