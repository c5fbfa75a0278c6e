"""What the hub of these tests holds, and what is to be found in the models' folder afterwards."""

import hashlib

HUNYUAN, CLAP, SIGLIP = (
    "tencent/HunyuanVideo-Foley",
    "laion/larger_clap_general",
    "google/siglip2-base-patch16-512",
)


def content(name, length=3_000):
    """Bytes that belong to a name."""
    return (hashlib.sha256(name.encode()).digest() * (length // 32 + 1))[:length]


def published():
    """Of each repository the files."""
    hunyuan = ("hunyuanvideo_foley.pth", "hunyuanvideo_foley_xl.pth", "vae_128d_48k.pth")
    tokenizer = ("config.json", "tokenizer.json", "vocab.json", "merges.txt")
    return {
        HUNYUAN: {name: content(name) for name in (*hunyuan, "synchformer_state_dict.pth")}
        | {"LICENSE": b"the licence", "assets/film.mp4": content("film")},
        CLAP: {name: content(name, 100) for name in tokenizer} | {"pytorch_model.bin": content("clap")},
        SIGLIP: {"config.json": b"{}", "model.safetensors": content("siglip"), "pytorch_model.bin": b"old"},
    }


SHARED = {
    "hunyuanvideo_foley_licence/LICENSE",
    "vae_128d_48k.pth",
    "synchformer_state_dict.pth",
    *(f"larger_clap_general/{name}" for name in published()[CLAP]),
    "siglip2-base-patch16-512/config.json",
    "siglip2-base-patch16-512/model.safetensors",
}

MANY = 25_000_000
"""More than is written at once, which is ten million and some."""


def held(folder):
    """What lies in the folder, but for our own notes."""
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {name for name in files if name not in ("foley-models.json", ".lock")}


def fetched_of_the_large(folder):
    """How many bytes of it there are, while it is being fetched."""
    digest = hashlib.sha256(content("large", MANY)).hexdigest()
    part = folder / ".pulling" / f"hunyuanvideo_foley.pth.{digest}.part"
    return part.stat().st_size if part.exists() else 0
