"""What is to be said of a take: words it does not know, its remarks, levels."""

from __future__ import annotations

from html import escape

from foley_core.take import PREVIEW_NOTE, Take


def remarks(take: Take) -> list[str]:
    """Sentences; those of all takes of a job that are the same need be said only once."""
    return [*_unknown(take), *take.remarks]


def paragraphs(said: list[str]) -> str:
    """As HTML."""
    return "\n".join(f'<p class="unknown">{escape(line)}</p>' for line in said)


def _unknown(take: Take) -> list[str]:
    """The words that the engine does not know, each with the known ones that it may be a slip for."""
    words = "; ".join(
        f"{word} (nearest: {', '.join(near)})" if (near := take.near_words.get(word)) else word
        for word in take.unknown_words
    )
    return [f"Words not known to this engine: {words}"] if words else []


def figure(value: float | None, unit: str) -> str:
    """A figure with its unit, `–` where there is none."""
    return "–" if value is None else f"{value:.1f} {unit}".replace("-", "−")


def form(take: Take) -> str:
    """Of its samples."""
    return f"{take.bits} bit{' float' if take.bits == 32 else ''}{', mono' if take.channels == 1 else ''}"


def mastering(take: Take) -> str:
    """What mastering did to the take."""
    words = f"{take.gain_db:+.1f} dB".replace("-", "−")
    if take.cue["loudness"] is not None:
        words += f" for {figure(take.cue['loudness'], 'LUFS')}"
    if take.limited_db:
        words += f"; peaks limited by up to {take.limited_db:.1f} dB, {take.limited_share:.0%} of the time"
    return words


def notes(take: Take) -> list[tuple[str, str]]:
    """What was noted while the take was made, each with a name."""
    return [
        ("Preview" if name == PREVIEW_NOTE else f"Engine: {name}", value)
        for name, value in sorted(take.notes.items())
    ]
