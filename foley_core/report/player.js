"use strict";
// Each take can be heard, with a playhead over its waveform; a click there or on a row of its hits seeks.
(() => {
  const timecode = (clock, seconds) => {
    const count = +clock.count, dropped = +clock.dropped, day = 86400 * count - 1296 * dropped;
    const [above, below] = clock.rate.split("/").map(Number);
    const whole = Math.floor((seconds + 0.0005) * above / below);
    let number = ((+clock.first + whole) % day + day) % day;
    if (dropped) {
      const minute = 60 * count - dropped, ten = 10 * minute + dropped;
      const tens = Math.floor(number / ten), rest = number % ten;
      number += 9 * dropped * tens + dropped * Math.floor(Math.max(rest - dropped, 0) / minute);
    }
    const two = (value) => String(Math.floor(value)).padStart(2, "0");
    const second = number / count;
    return [two(second / 3600), two(second / 60 % 60), two(second % 60)].join(":")
      + (dropped ? ";" : ":") + two(number % count);
  };

  const all = [...document.querySelectorAll("audio, video")];

  const ready = (section) => {
    const clock = section.dataset, start = +clock.start, length = +clock.length;
    const wave = section.querySelector(".player"), head = wave.querySelector(".playhead");
    const sound = section.querySelector("audio"), play = section.querySelector(".play");
    const film = section.id === "take-1" ? document.querySelector("video") : null;
    const shown = [section, ...(film ? [film.parentNode] : [])].map((part) => part.querySelector("output"));
    let last = sound;

    const from = (media) => media === film ? +film.dataset.from : 0;
    const show = () => {
      const at = Math.min(last.currentTime + from(last), length);
      const told = timecode(clock, start + at);
      head.hidden = false;
      head.style.left = 100 * at / length + "%";
      for (const output of shown) if (output.value !== told) output.value = told;
      wave.setAttribute("aria-valuenow", at.toFixed(3));
      wave.setAttribute("aria-valuetext", told);
      if (!last.paused) requestAnimationFrame(show);
    };
    const seek = (at) => {
      if (film && !film.paused) film.pause();
      last = sound;
      sound.currentTime = Math.min(Math.max(at, 0), length);
      if (film) film.currentTime = Math.max(sound.currentTime - from(film), 0);  // shows what is heard
      show();
    };

    for (const media of film ? [sound, film] : [sound]) {
      media.addEventListener("play", () => {
        for (const other of all) if (other !== media) other.pause();
        last = media;
        show();
      });
      media.addEventListener("seeked", () => { if (media === last || !media.paused) show(); });
    }
    for (const kind of ["play", "pause", "ended"])
      sound.addEventListener(kind, () => { play.textContent = sound.paused ? "Play" : "Pause"; });
    sound.addEventListener("error", () => { play.disabled = true; play.textContent = "Not here"; });
    play.addEventListener("click", () => sound.paused ? sound.play() : sound.pause());

    const pointed = (event) => {
      const box = wave.getBoundingClientRect();
      seek(length * (event.clientX - box.left) / box.width);
    };
    wave.addEventListener("pointerdown", (event) => { if (event.button === 0) pointed(event); });
    wave.addEventListener("pointermove", (event) => { if (event.buttons & 1) pointed(event); });
    wave.addEventListener("keydown", (event) => {
      const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const [above, below] = clock.rate.split("/").map(Number);
      if (side) seek(sound.currentTime + side * (event.shiftKey ? 1 : below / above));
      else if (event.key === " ") play.click();
      else return;
      event.preventDefault();
    });
    for (const row of section.querySelectorAll("[data-at]"))
      row.addEventListener("click", (event) => { event.preventDefault(); seek(+row.dataset.at); });

    sound.controls = false;
    section.classList.add("ready");
    if (film) film.parentNode.classList.add("watched");
    wave.setAttribute("role", "slider");
    wave.setAttribute("aria-label", "Playhead");
    wave.setAttribute("aria-valuemin", "0");
    wave.setAttribute("aria-valuemax", length.toFixed(3));
    wave.tabIndex = 0;
    show();
  };

  document.querySelectorAll("section.take").forEach(ready);
})();
