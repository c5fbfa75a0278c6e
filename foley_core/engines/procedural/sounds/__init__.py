"""The sounds themselves, a module for each family; every module ends with its `KINDS`."""
