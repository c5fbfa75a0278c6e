"""HunyuanVideo-Foley: film and words to sound, by a neural model.

Guarantees the published model's numbers within the tolerances of `tests/hunyuan`, and that nothing is fetched
from anywhere. Knows nothing of jobs, and its folder of weights only as files. Begin with `engine.py`, then
`pipeline.py`.
"""

import logging
import warnings

# torchao, which diffusers imports, warns of names of its own that it imports from where they were, and of
# compiled parts built for another torch: https://github.com/pytorch/ao/issues/2752 and 2919. Nothing here
# uses either.
warnings.filterwarnings("ignore", r"Importing .*torchao", DeprecationWarning)
logging.getLogger("torchao").addFilter(lambda record: "cpp extensions" not in record.getMessage())
