"""Films and sound files: opened safely, decoded by their timestamps, written whole or not at all."""
