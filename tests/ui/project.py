"""Runs inside Blender, for `inside.py`: makes the project of a test, and tells what became of it."""

import json
import sys

import bpy


def window():
    return bpy.context.window_manager.windows[0]


def timeline():
    """The area that shows the timeline."""
    areas = [area for area in window().screen.areas if area.type == "SEQUENCE_EDITOR"]
    return next(area for area in areas if area.spaces.active.view_type == "SEQUENCER")


def region(area, kind="WINDOW"):
    return next(region for region in area.regions if region.type == kind)


def strips():
    """All strips of the open scene, by name."""
    editor = _scene().sequence_editor
    found = editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all
    return {strip.name: strip for strip in found}


def span(strip):
    """First frame of a strip, and the one after its last."""
    if hasattr(strip, "left_handle"):
        return strip.left_handle, strip.right_handle
    return strip.frame_final_start, strip.frame_final_end


def open_project(folder, film):
    """A saved project with the film in it, all of it in sight, the sidebar open at our tab."""
    scene = _scene()
    scene.sequence_editor_create()
    clip = _new_film("Film", film, 1)
    scene.render.fps, scene.render.fps_base = round(clip.fps), 1
    scene.frame_end = span(clip)[1] - 1
    scene.render.resolution_x, scene.render.resolution_y = 1280, 720
    bpy.ops.wm.save_as_mainfile(filepath=folder + "/project.blend")
    show_tab()
    with over_timeline():
        bpy.ops.sequencer.view_all()
    note_step("Film")


def show_tab():
    """Open the sidebar; its tabs are known once it is drawn."""
    timeline().spaces.active.show_region_ui = True


def open_tab():
    """Bring our tab of the sidebar to the front."""
    region(timeline(), "UI").active_panel_category = "Foley"
    timeline().tag_redraw()


def over_timeline():
    return bpy.context.temp_override(window=window(), area=timeline(), region=region(timeline()))


def note_step(name):
    """What was done until now is a step of its own for undo."""
    bpy.ops.ed.undo_push(message=name)


def cut_into(parts):
    """Split the film into shots of the same length, called after their place: Shot 1, Shot 2 ..."""
    film = strips()["Film"]
    first, last = span(film)
    for number in range(parts, 0, -1):
        at = first + (last - first) * (number - 1) // parts
        shot = film.split(frame=at, split_method="SOFT") if number > 1 else film
        shot.name = f"Shot {number}"
    note_step("Cut")


def keep_only(name, frames):
    """Shorten a strip at its end."""
    strip = strips()[name]
    if hasattr(strip, "right_handle"):
        strip.right_handle = span(strip)[0] + frames
    else:
        strip.frame_final_end = span(strip)[0] + frames
    note_step("Shorten")


def reverse(name):
    """Let a strip play backwards."""
    strips()[name].use_reverse_frames = True
    note_step("Reverse")


def prefer(**values):
    """What the dialog begins with, as if it had been asked last."""
    for name, value in values.items():
        setattr(_scene().foley, name, value)
    note_step("Choices")


def select(name):
    """Select a strip alone."""
    for strip in strips().values():
        strip.select = strip.name == name
    _scene().sequence_editor.active_strip = strips()[name]
    timeline().tag_redraw()


def sounds():
    """Names of the sound strips."""
    return sorted(name for name, strip in strips().items() if strip.type == "SOUND")


def starts():
    """First frames of the sound strips, in order."""
    return sorted(span(strip)[0] for strip in strips().values() if strip.type == "SOUND")


def shots():
    """First frames of the film strips, in order."""
    return sorted(span(strip)[0] for strip in strips().values() if strip.type == "MOVIE")


def takes():
    """How many takes the one sound strip knows, that in use included."""
    return 1 + len(_record()["others"])


def prompts():
    """With which prompts the takes of the one sound strip were made; first that of the one in use."""
    record = _record()
    return [entry["prompt"] for entry in (record, *record["others"])]


def hits():
    """How many hits were asked for, for the take in use; nothing where they were detected."""
    found = _record()["hits"]
    return None if found is None else len(found)


def ends(name):
    """First frame of a strip, and the one after its last."""
    return list(span(strips()[name]))


def known_takes():
    """How many takes each sound strip knows, by its name."""
    ours = {name: strip for name, strip in strips().items() if "foley_meta" in strip}
    return {name: 1 + len(json.loads(strip["foley_meta"])["others"]) for name, strip in ours.items()}


def play_from(frame):
    """Put the playhead on a frame."""
    _scene().frame_set(frame)


def called():
    """Names of the markers on the timeline, in order of time."""
    return [marker.name for marker in sorted(_scene().timeline_markers, key=lambda one: one.frame)]


def numbers():
    """The number of the take in use, then those of the others."""
    record = _record()
    return [entry["number"] for entry in (record, *record["others"])]


def file_of_sound():
    """Which file the one sound strip plays."""
    (name,) = sounds()
    return strips()[name].sound.filepath


def markers():
    """Frames of the markers on the timeline, in order."""
    return sorted(marker.frame for marker in _scene().timeline_markers)


def change_markers(moved, added):
    """Move the first marker by so many frames, and add one."""
    found = _scene().timeline_markers
    min(found, key=lambda marker: marker.frame).frame += moved
    found.new("Hit", frame=added)
    note_step("Markers")


def set_preview(first, last):
    """The preview range, both inclusive."""
    scene = _scene()
    scene.use_preview_range = True
    scene.frame_preview_start, scene.frame_preview_end = first, last


def selected():
    """Names of the strips that are selected."""
    return sorted(name for name, strip in strips().items() if strip.select)


def renders():
    """Whether a copy is being rendered."""
    return bpy.app.is_job_running("RENDER")


def scenes():
    """The names of all scenes."""
    return [scene.name for scene in bpy.data.scenes]


def jobs():
    """How many jobs are on their way."""
    return len(_queue().running) + len(_queue().later)


def problem():
    """What the tab says went wrong."""
    return _queue().problem


def note():
    """What the tab says was not understood."""
    return _queue().note


def backend():
    """The state of the connection."""
    return _queue().backend


def tab_has_picture():
    """Whether the picture of the active take is painted."""
    module = sys.modules["bl_ext.user_default.foley"].__name__ + ".ui.waveform_icon"
    return sys.modules[module].waveform.preview is not None


def save():
    """Save the file where it is."""
    bpy.ops.wm.save_mainfile()


def start_backend():
    """What the button in the tab does."""
    bpy.ops.foley.start_backend()


def show_preferences():
    """Open Blender's preferences in a window of their own, at our page."""
    bpy.ops.screen.userpref_show(section="ADDONS")
    bpy.context.window_manager.addon_search = "Foley"
    bpy.ops.preferences.addon_expand(module="bl_ext.user_default.foley")


def windows():
    """How many windows are open."""
    return len(bpy.context.window_manager.windows)


def quit():
    """End Blender, after this was answered."""
    bpy.app.timers.register(lambda: bpy.ops.wm.quit_blender() and None, first_interval=0.5)


def _scene():
    return getattr(bpy.context, "sequencer_scene", None) or bpy.context.scene


def _new_film(name, film, start):
    editor = _scene().sequence_editor
    return (editor.strips if hasattr(editor, "strips") else editor.sequences).new_movie(name, film, 1, start)


def _record():
    (name,) = sounds()
    return json.loads(strips()[name]["foley_meta"])


def _queue():
    return sys.modules["bl_ext.user_default.foley"].queue
