"""Runs inside Blender, for `inside.py`: makes the project of a test, and tells what became of it."""

import json
import sys
import time
from pathlib import Path

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


def open_project(folder, film, sidebar=True):
    """A project with the film in it, all in sight, the sidebar open or closed; saved if a folder is named."""
    scene = _scene()
    scene.sequence_editor_create()
    clip = _new_film("Film", film, 1)
    scene.render.fps, scene.render.fps_base = round(clip.fps), 1
    scene.frame_end = span(clip)[1] - 1
    scene.render.resolution_x, scene.render.resolution_y = 1280, 720
    if folder:
        save_as(folder + "/project.blend")
    timeline().spaces.active.show_region_ui = sidebar
    with over_timeline():
        bpy.ops.sequencer.view_all()
    note_step("Film")


def show_tab():
    """Open the sidebar; its tabs are known once it is drawn."""
    timeline().spaces.active.show_region_ui = True


def fill_screen(name):
    """Let the timeline have the whole window, without the sidebar, and a strip near its top.

    There is room for a menu then to open with its first entry under the mouse.
    """
    strips()[name].channel = 8
    with over_timeline():
        bpy.ops.screen.screen_full_area(use_hide_panels=False)
    timeline().spaces.active.show_region_ui = False


def take_time_for_pies():
    """A key that is held for longer than a tap takes would close the menu round the mouse."""
    bpy.context.preferences.view.pie_tap_timeout = 1000


def see_all():
    """Scroll the timeline so that all strips are in sight."""
    with over_timeline():
        bpy.ops.sequencer.view_all()


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


def show_scene_without_camera(name, channel, start):
    """A strip that shows a new scene, in which there is nothing."""
    editor = _scene().sequence_editor
    found = editor.strips if hasattr(editor, "strips") else editor.sequences
    found.new_scene(name, bpy.data.scenes.new(name), channel, start)
    note_step("Add Scene")


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


def bar():
    """What the status bar says of our queue."""
    return _part("ui.progress_bar").standing().line(time.time())


def said():
    """How many lines are still to be said."""
    return len(_queue().news.lines)


def made():
    """How many sounds were made and put in their place."""
    return len(_queue().news.made)


def reported():
    """What the report that was opened last says, each with how often."""
    shown = _part("ui.report_ops").FOLEY_OT_report.reports
    return [[report.times, str(report.problem)] for report in shown]


def unreported():
    """How many different problems wait for their report."""
    return len(_queue().news.reports)


def break_something(message):
    """Something goes wrong meanwhile."""
    _queue().news.report(_part("core.problem").Problem("internal", message, "Save, and start again."))


def held():
    """How many jobs wait in a paused queue."""
    return len(_queue().held.jobs)


def call(name, **values):
    """What a button does."""
    getattr(bpy.ops.foley, name)(**values)


def open_dialog(name):
    """What a button does that opens a dialog."""
    with over_timeline():
        getattr(bpy.ops.foley, name)("INVOKE_DEFAULT")


def sidebar_shows():
    """The tab that is in front in the sidebar; nothing where it is closed."""
    if not timeline().spaces.active.show_region_ui:
        return ""
    return region(timeline(), "UI").active_panel_category


def words():
    """How many words are known to be offered."""
    return len(_queue().told.sounds.words)


def explained():
    """The prompt that was explained last."""
    return _queue().told.sounds.explained.get("prompt", "")


def auditions():
    """The files in the temporary folder that were heard."""
    return sorted(path.name for path in Path(bpy.app.tempdir).glob("foley-heard*"))


def words_of_film():
    """The prompt that the film keeps."""
    return strips()["Film"].get("foley_prompt")


def backend():
    """The state of the connection."""
    return _queue().backend


def file_of_pyzmq():
    """Which pyzmq the add-on has loaded."""
    return sys.modules["zmq"].__file__


def tab_has_picture():
    """Whether the picture of the active take is painted."""
    module = sys.modules["bl_ext.user_default.foley"].__name__ + ".ui.waveform_icon"
    return sys.modules[module].waveform.preview is not None


def save_as(path):
    """Save the file under a name."""
    bpy.ops.wm.save_as_mainfile(filepath=path)


def files_of_takes():
    """The files of all takes of the one sound strip, as its record and as Blender name them."""
    (name,) = sounds()
    record = _record()
    named = [one["take"]["path"] for one in (record, *record["others"])]
    return named, bpy.path.abspath(strips()[name].sound.filepath)


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


def _part(name):
    return sys.modules["bl_ext.user_default.foley." + name]


def hear(index):
    """Press the play button of a take; -1 is the one in use."""
    with over_timeline():
        bpy.ops.foley.audition(index=index)


def is_heard():
    """Whether the picture runs, the sequencer is heard as usual, and a note of that is left."""
    scene = _scene()
    return [window().screen.is_animation_playing, scene.use_audio, "foley_hearing" in scene]


def add_own_sound(film):
    """Lay the film's own sound beneath it."""
    editor = _scene().sequence_editor
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    strips.new_sound("Own", film, 6, 1)
    note_step("Own sound")


def volume(name):
    """How loud a strip is."""
    return round(strips()[name].volume, 3)
