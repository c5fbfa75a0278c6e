"""A layout that takes only what Blender's own `UILayout` takes, and remembers what was drawn in it.

Blender as a module draws nothing, so this is as near as a test comes: names, parameters and icons are checked
against Blender's own description of them.
"""

from types import SimpleNamespace

import bpy

_CALLS = bpy.types.UILayout.bl_rna.functions
_FIELDS = bpy.types.UILayout.bl_rna.properties
_NESTING = {"column", "row", "box", "split"}


class Drawn:
    """Satisfies `UILayout`, as far as the add-on uses it."""

    def __init__(self, texts=None):
        object.__setattr__(self, "texts", [] if texts is None else texts)

    def __setattr__(self, name, value):
        choices = getattr(_FIELDS[name], "enum_items", (False, True))
        assert value in choices, (name, value)

    def __getattr__(self, name):
        known = _CALLS[name].parameters

        def call(*positional, **named):
            assert set(named) <= set(known.keys()), (name, named)
            assert named.get("icon", "NONE") in known["icon"].enum_items if "icon" in known else True
            if name == "prop":
                assert positional[1] in positional[0].bl_rna.properties
            self.texts.append((name, named.get("text") or (str(positional[-1]) if positional else "")))
            return Drawn(self.texts) if name in _NESTING else SimpleNamespace()

        return call
