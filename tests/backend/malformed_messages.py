"""Malformed messages, and odd ones that are none, each with the answer that it must get.

None of them is ever accepted as a job and none ends the backend: a million of them leave it as it was.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from tests.backend.changed_messages import REQUESTS, whole

Sent = tuple[list[bytes], str, str | None]
"""Frames, the code or type of the answer, and its `re` (None: whatever can be found)."""

MAGIC = b"FOLEY1"
MOST = 1 << 20
"""Bytes of a message, its frames together."""
LONG = 4_000
"""One in so many is about as long as may be."""
_KINDS = [kind for kind in REQUESTS if kind != "shutdown"]
_SUBMIT = '{"type":"submit","id":"7","job":"j","cue":{"media":"/no/such/film.mp4"},"deliver":{"takes":[]}}'
_OF_THE_CUE = _SUBMIT.replace("},", ',"%":#},', 1)
_HELLO = '{"type":"hello","id":"7","protocol":[1,1],"more":#}'
_DEEP = 100_000


def malformed(rng: random.Random) -> Sent:
    """One of them."""
    return as_long_as_may_be(rng) if rng.randrange(LONG) == 0 else rng.choice(WAYS)(rng)


def broken_off(rng: random.Random) -> Sent:
    """Ends before its end: anywhere, or with all but the last brace."""
    body = _body(rng)
    if rng.randrange(2):
        return _bad(body[:-1])
    return _bad(body[: rng.randrange(len(body))], None)


def begun_otherwise(rng: random.Random) -> Sent:
    """Frame 0 is not ours, or comes after an empty one, as a REQ socket sends it."""
    begins = ([b"FOLEY0"], [b"FOLEY2"], [b""], [b"foley1"], [b"FOLEY1\0"], [b"", MAGIC])
    return [*rng.choice(begins), _body(rng)], "protocol_mismatch", "7"


def no_json(rng: random.Random) -> Sent:
    """No JSON: other encodings, other dialects, more than one value, zero bytes."""
    body = _body(rng)
    ways: list[tuple[bytes, str | None]] = [
        (b"\xff" + rng.randbytes(rng.randrange(200)), None),
        (b"", ""),
        (body.decode().encode("utf-16"), ""),
        (b"\xef\xbb\xbf" + body, "7"),
        (body + rng.choice((b"{}", b"\0", b",", body)), "7"),
        (body[:-1] + b",}", "7"),
        (b"/* */" + body, "7"),
        (body.replace(b'"', b"'"), ""),
        (body[:-1] + b',"x":"\0"}', "7"),
        (body[:-1] + b',"x":"\xff"}', "7"),
    ]
    return _bad(*rng.choice(ways))


def no_request(rng: random.Random) -> Sent:
    """JSON that is no object, or an object that is no request."""
    if rng.randrange(2):
        value = rng.choice(("[]", "1", "-0", "1.5", "null", "true", '""', '"x"', "[{}]", '["7"]'))
        return _bad(value.encode(), "")
    value = rng.choice(('"pingg"', '"Ping"', "null", "1", "[]", '{"a":1}', '""', '"\\u0000"', '"Request"'))
    return _bad(rng.choice(('{"id":"7"}', f'{{"id":"7","type":{value}}}')).encode())


def nested(rng: random.Random) -> Sent:
    """Lists and objects within each other, closed or not."""
    begin, end = rng.choice((("[", "]"), ('{"a":', "1}")))
    depth = rng.choice((rng.randrange(1, 400), rng.randrange(2_000, 4_000)))
    depth = depth if rng.randrange(50) else _DEEP
    if rng.randrange(2):
        return _bad(('{"id":"7","x":' + begin * depth).encode())
    closed = begin * depth + end[:-1] + end[-1] * depth
    return _answered(_HELLO.replace("#", closed), "welcome" if depth < 400 else "bad_request")


def framed(rng: random.Random) -> Sent:
    """One frame, or 3 to 100."""
    if rng.randrange(4) == 0:
        alone = rng.choice((b"", MAGIC, _body(rng)))
        found = "7" if len(alone) > len(MAGIC) else ""
        return [alone], "bad_request" if alone == MAGIC else "protocol_mismatch", found
    more = [rng.randbytes(rng.randrange(8)) for _ in range(rng.randrange(1, 99))]
    return [MAGIC, _body(rng), *more], "bad_request", "7"


def numbers(rng: random.Random) -> Sent:
    """What is no number in JSON, or has more digits than one may have."""
    digits = str(rng.randrange(1, 10)) + "7" * rng.randrange(4_300, 9_000)
    value = rng.choice(("NaN", "Infinity", "-Infinity", "+1", "01", ".5", "1.", "0x7", digits, f"-{digits}"))
    value = rng.choice((value, "1e999", "-1e999", f"1e{digits}"))
    places = (
        '{"type":"list","id":"7","limit":#}',
        _HELLO,
        _SUBMIT[:-1] + ',"film_s":#}',
        _OF_THE_CUE.replace("%", "loudness"),
        _OF_THE_CUE.replace('"%":#', '"neural":{"steps":#}'),
    )
    return _bad(rng.choice(places).replace("#", value).encode())


def times(rng: random.Random) -> Sent:
    """Exact times that are none, or have too many digits."""
    digits = "7" * rng.randrange(16, 9_000)
    value = rng.choice(
        (digits, f"1/{digits}", f"0.{digits}", "1e9", "1e999999999", "nan", "inf", "1/-2", "1//2")
    )
    name = rng.choice(("in", "out", "handles"))
    return _bad(_OF_THE_CUE.replace("%", name).replace("#", f'"{value}"').encode())


def texts(rng: random.Random) -> Sent:
    """Half a pair of UTF-16, escapes that are none, control characters as they are."""
    half = rng.choice((b"\\ud800", b"\\udfff", b"\\ud800\\u0041", b"\\udc00\\ud800", b"\xed\xa0\x80"))
    value = rng.choice((half, half, b"\\x41", b"\\u12", b"\\", b"\n", b"\x1f", b"\xc0\x80"))
    if rng.randrange(4) == 0:
        return _bad(b'{"type":"ping","id":"' + value + b'"}', None)
    return _bad(b'{"type":"find","id":"7","name":"' + value + b'"}')


def twice(rng: random.Random) -> Sent:
    """A name that comes twice: the last one counts, and a request is of one kind."""
    ways = (
        ('{"type":"ping","type":"shutdown","id":"7"}', "bad_request"),
        ('{"type":"shutdown","id":"7","type":"ping"}', "bad_request"),
        ('{"type":"ping","id":7,"id":"7"}', "bad_request"),
        ('{"type":"ping","id":"6","id":"7"}', "pong"),
        ('{"type":"cancel","id":"7","job":"a/b","job":"b"}', "job_unknown"),
        ('{"type":"list","id":"7","limit":"1","limit":1}', "bad_request"),
        (_OF_THE_CUE.replace('"%":#', '"seed":1,"seed":-1'), "bad_cue"),
    )
    return _answered(*rng.choice(ways))


def odd(rng: random.Random) -> Sent:
    """What looks wrong and is right: very long ids, zero bytes and other letters in them, spaces around."""
    ids = (
        "7" * rng.randrange(1, 20_000),
        "\0" * rng.randrange(1, 50),
        "é\U0001f40c\u202e\ufeff\uffff",
        "",
        '"\\/{}[]',
    )
    name, space = rng.choice(ids), rng.choice(("", " ", "\r\n\t", "\n" * 5_000))
    body = json.dumps({"type": "ping", "id": name}, ensure_ascii=rng.random() < 0.5)
    return [MAGIC, (space + body + space).encode()], "pong", name


def huge_values(rng: random.Random) -> Sent:
    """Numbers and texts that are read, and are more than anybody means."""
    number, text = "7" * rng.randrange(19, 4_200), "x" * rng.randrange(5_000, 50_000)
    ways = (
        ('{"type":"list","id":"7","batch":"none","limit":#}', number, "status"),
        ('{"type":"list","id":"7","batch":"none","limit":-#}', number, "status"),
        ('{"type":"hello","id":"7","protocol":[1,#],"most_impacts":#}', number, "welcome"),
        ('{"type":"hello","id":"7","protocol":[#,0]}', number, "protocol_mismatch"),
        ('{"type":"impacts","id":"7","job":"none","take":-#,"first":#}', number, "job_unknown"),
        ('{"type":"hello","id":"7","protocol":[1,1],"client":"#"}', text, "welcome"),
        ('{"type":"find","id":"7","name":"#","file":"/#"}', text, "status"),
        ('{"type":"status","id":"7","job":"#"}', text, "job_unknown"),
        ('{"type":"cancel","id":"7","job":"#"}', "\\u0000", "job_unknown"),
        ('{"type":"subscribe","id":"7","batch":"#"}', text, "bad_request"),
        (_OF_THE_CUE.replace("%", "takes"), number, "bad_cue"),
        (_OF_THE_CUE.replace("%", "seed"), number, "bad_cue"),
        (_OF_THE_CUE.replace("%", "batch"), '"\\u0000"', "bad_cue"),
        (_OF_THE_CUE.replace("%", "prompt"), '"\\u0000"', "bad_prompt"),
        (_OF_THE_CUE.replace("%", "prompt"), f'"{text}"', "bad_prompt"),
        (_SUBMIT.replace("film", "#"), "\\u0000", "bad_cue"),
        (_SUBMIT.replace("[]", '["/#.wav"]'), "\\u0000", "output_denied"),
        (_SUBMIT.replace("[]", '["/#.wav"]'), text, "output_denied"),
    )
    body, value, answer = rng.choice(ways)
    return _answered(body.replace("#", value), answer)


def as_long_as_may_be(rng: random.Random) -> Sent:
    """One byte less, just as many, and one more; or an id that long."""
    over = rng.choice((-1, 0, 1))
    room, code = MOST - len(MAGIC) + over, "request_too_long" if over > 0 else ""
    if rng.randrange(2):
        head, tail = b'{"type":"ping","id":"7","x":"', b'"}'
        return [MAGIC, head + b"x" * (room - len(head + tail)) + tail], code or "bad_request", "7"
    head, tail = b'{"type":"ping","id":"', b'"}'
    name = "7" * (room - len(head + tail))
    return [MAGIC, head + name.encode() + tail], code or "pong", None if over > 0 else name


WAYS: tuple[Callable[[random.Random], Sent], ...] = (
    broken_off,
    begun_otherwise,
    no_json,
    no_request,
    nested,
    framed,
    numbers,
    times,
    texts,
    twice,
    odd,
    huge_values,
)


def _body(rng: random.Random) -> bytes:
    return json.dumps(whole(rng.choice(_KINDS))).encode()


def _bad(body: bytes, named: str | None = "7") -> Sent:
    return [MAGIC, body], "bad_request", named


def _answered(body: str, answer: str) -> Sent:
    return [MAGIC, body.encode()], answer, "7"
