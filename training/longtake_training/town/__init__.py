"""Pebble Town, the synthetic world that the model is trained and tested on: several things at once, weather with causes, signs to read (training/WORLD.md)."""
