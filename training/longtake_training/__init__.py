"""Trains Longtake's own little model from nothing."""
