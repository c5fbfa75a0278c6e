"""What is read from the header of a film is what Blender itself says of it, without its being opened."""

import bpy
import pytest
from cut import draw_film

pytestmark = pytest.mark.each_blender

KINDS = [
    {"rate": "24"},
    {"rate": "25"},
    {"rate": "30000/1001"},
    {"rate": "24000/1001"},
    {"rate": "50"},
    {"rate": "24", "variant": "prores"},
    {"rate": "24", "variant": "hevc"},
    {"rate": "24", "variant": "rotated"},
]


@pytest.mark.parametrize("how", KINDS, ids=str)
def test_a_header_says_what_blender_says(cut, tmp_path, how):
    path, _, _ = draw_film(tmp_path / "film.mp4", seconds=1.37, **how)
    films = cut.addon.timeline.films
    assert cut.addon.core.film_header.read(path) is not None
    assert (films.rate_of(path), films.frames_of(path)) == films._asked(path)


def test_no_film_with_a_plain_header_is_opened_for_a_take(cut, film, monkeypatch):
    monkeypatch.setattr(cut.addon.timeline.films, "_asked", lambda path: pytest.fail(path))
    cut.set_rate(25)
    cut.place(film)
    cut.addon.timeline.selection.picture(bpy.context)
    cut.set_rate(24)
    cut.generate(engine="faulty")
    cut.take()


def test_a_film_that_says_nothing_plain_is_opened_once(cut, tmp_path, monkeypatch):
    path, _, _ = draw_film(tmp_path / "film.mp4", rate="24", seconds=1, variant="webm")
    films, asked = cut.addon.timeline.films, []
    known = films._asked
    monkeypatch.setattr(films, "_asked", lambda one: asked.append(one) or known(one))
    for _ in range(3):
        assert (films.rate_of(path), films.frames_of(path)) == known(path)
    assert asked == [path]


def test_many_replies_at_once_are_taken_in_with_several_ticks(cut, film):
    cut.place(film)
    job = cut.generate("slow 600", engine="faulty")
    cut.until(lambda: cut.queue.running[job].stage == "sound")
    push = {"type": "progress", "job": job, "stage": "sound", "progress": 0.5}
    cut.queue._events.extend(dict(push) for _ in range(100_000))
    cut.queue.pump()
    assert 0 < len(cut.queue._events) < 100_000
    cut.until(lambda: not cut.queue._events)
    bpy.ops.foley.cancel_all()
    cut.finish()
