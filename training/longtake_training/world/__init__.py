"""Pebble Town: the synthetic world that the model is trained and tested on."""
