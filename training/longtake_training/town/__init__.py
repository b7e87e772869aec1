"""Pebble Town, second edition: several things at once, weather with causes, signs to read (training/WORLD.md)."""
