"""The `render` command."""
