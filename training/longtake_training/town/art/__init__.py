"""What the second edition draws beside the first one's places and figures."""
