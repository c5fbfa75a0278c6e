"""The neural engine's weights on this machine: fetched, told apart, checked, converted and removed."""
