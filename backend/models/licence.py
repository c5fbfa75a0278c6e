"""The licence of the model's weights, in short, and whether it was accepted.

What it says was summed up from the published licence; that alone is binding, and comes with the weights.
"""

from __future__ import annotations

from backend.models.record import Record

LICENCE = "Tencent Hunyuan Community License"
TEXT = "https://huggingface.co/tencent/HunyuanVideo-Foley/blob/main/LICENSE"

TERMS = f"""\
The weights of HunyuanVideo-Foley are Tencent's, under the {LICENCE}.
In short, and without being that licence:

  - It does not hold in the European Union, the United Kingdom and South Korea: neither the
    weights nor what is made with them may be used there.
  - Services with very many users a month need a further licence of Tencent's.
  - What the model makes may not be used to make other AI models better.
  - Some uses are not allowed; they are listed in it. It must go along with the weights.

The whole text: {TEXT}
SigLIP2 (Google) and CLAP (LAION), which come along, are under the Apache License 2.0.
"""


def is_accepted(record: Record) -> bool:
    """Whether it was, on this machine."""
    return LICENCE in record.accepted
