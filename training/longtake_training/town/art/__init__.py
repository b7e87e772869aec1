"""How Pebble Town looks."""
