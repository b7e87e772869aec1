"""The `render-town` command."""
