// SPDX-License-Identifier: Apache-2.0
// Sound for a film, by a whole client in npm's zeromq alone:
//
//     node make_take.mjs FILM PROMPT TAKE.wav [ENGINE]
//
// It finds the backend or starts it, asks for a take, follows its progress and tells where the take lies.
// Where the backend is lost meanwhile, the next one is reached and told the same job again, which is
// harmless: the job's id is the client's own choice. docs/protocol.md says what goes over the wire, and why.

import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Dealer } from "zeromq";

const CLIENT = "make_take.mjs";
const START_MS = 30_000; // On a busy machine it may take that long until a backend is there.
const SILENCE_MS = 3_000; // One that runs answers sooner.
const WINDOWS = process.platform === "win32";
const OF_THE_HOST = /^(PYTHON|__PYVENV|LD_|DYLD_)/; // Meant for this program, and wrong for another.

/** What went wrong: a stable code, what happened, and what to do about it. */
class Trouble extends Error {
  constructor({ code, message, hint }) {
    super(message);
    Object.assign(this, { code, hint });
  }
}

/** A folder as it was named: from where we stand, or from the user's own where it begins with ~. */
function folder(named) {
  const known = WINDOWS || path.isAbsolute(process.env.HOME ?? ""); // A relative HOME counts as not set.
  return path.resolve(named.replace(/^~(?=$|[\\/])/, () => (known ? os.homedir() : os.userInfo().homedir)));
}

/** The backend's state folder. */
function stateFolder() {
  if (process.env.FOLEY_HOME) return folder(process.env.FOLEY_HOME);
  if (process.platform === "darwin") return folder("~/Library/Application Support/Foley");
  const stated = process.env[WINDOWS ? "LOCALAPPDATA" : "XDG_STATE_HOME"] ?? "";
  const base = path.isAbsolute(stated) ? stated : folder(WINDOWS ? "~/AppData/Local" : "~/.local/state");
  return path.join(base, WINDOWS ? "Foley" : "foley");
}

/** A file of the state folder; empty where none can be read, or it is of a folder that ours is a copy of. */
function read(name) {
  try {
    const found = JSON.parse(fs.readFileSync(path.join(stateFolder(), name), "utf8"));
    const there = fs.realpathSync(found.home || stateFolder());
    return there === fs.realpathSync(stateFolder()) ? found : {};
  } catch {
    return {};
  }
}

/** A backend that is started, as set-up has recorded it. It outlives us. */
class Child {
  constructor() {
    const { command } = read("launch.json");
    if (!command) {
      const message = `${path.join(stateFolder(), "launch.json")} is missing.`;
      throw new Trouble({ code: "backend_unreachable", message, hint: "Run Foley's installer." });
    }
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_THE_HOST.test(name)));
    for (const name of ["FOLEY_HOME", "FOLEY_MODELS"]) if (env[name]) env[name] = folder(env[name]);
    // What it says before it has a log goes to a file without a name: a pipe would break when we end.
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "foley-"));
    this.said = fs.openSync(path.join(scratch, "said"), "w+");
    fs.rmSync(scratch, { recursive: true, force: true });
    const stdio = ["ignore", this.said, this.said];
    // In its own folder, for ours may be on a disk that somebody wants to take out.
    const apart = { cwd: stateFolder(), env, stdio, detached: true, windowsHide: true };
    this.process = spawn(command[0], command.slice(1), apart);
    this.process.on("error", (error) => (this.failure = error.message));
    this.process.unref();
  }

  get failed() {
    return Boolean(this.failure || this.process.exitCode || this.process.signalCode);
  }

  /** It ended well, which it does where another one runs. */
  get gaveWay() {
    return this.process.exitCode === 0;
  }

  get words() {
    const said = Buffer.alloc(65_536);
    const lines = said.toString("utf8", 0, fs.readSync(this.said, said, 0, said.length, 0)).trim();
    return this.failure ?? (lines.split("\n").at(-1) || `exit code ${this.process.exitCode}`);
  }
}

/** A connection to one backend. It is never mended: the next one has another endpoint and other keys. */
class Line {
  constructor(found) {
    this.socket = new Dealer({
      curveServerKey: found.server_key,
      curvePublicKey: found.client_key,
      curveSecretKey: found.client_secret,
      linger: 0, // Else an editor hangs when it is closed.
      reconnectInterval: -1,
      heartbeatInterval: 2_000,
      heartbeatTimeout: 6_000,
      receiveTimeout: SILENCE_MS, // Until we are welcome.
    });
    for (const lost of ["disconnect", "close"]) this.socket.events.on(lost, () => this.socket.close());
    this.socket.connect(found.endpoint);
  }

  /** Whether the backend answers. `build` is left out: it is for clients that come with a backend. */
  async greet() {
    await this.say({ type: "hello", id: "hello", protocol: [1, 1], client: CLIENT, most_impacts: 0 });
    const { value: answer } = await this.messages().next();
    const welcome = answer?.type === "welcome";
    if (welcome) this.socket.receiveTimeout = -1;
    else this.socket.close();
    if (answer?.error) throw new Trouble(answer.error); // It speaks another version of the protocol.
    return welcome;
  }

  /** Send a request. Where the backend is lost it is not sent; the messages end then. */
  async say(message) {
    await this.socket.send(["FOLEY1", JSON.stringify(message)]).catch(() => this.socket.close());
  }

  /** What comes, until the backend is lost or silent for too long. */
  async *messages() {
    try {
      for await (const frames of this.socket) yield JSON.parse(frames.at(-1).toString());
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

/** A line to the backend that runs, or else to one that is started. */
async function reach() {
  const until = Date.now() + START_MS;
  let found, child, silent;
  while (Date.now() < until) {
    found = read("connection.json");
    if (found.endpoint && found.instance !== silent) {
      const line = new Line(found);
      if (await line.greet()) return line;
      silent = found.instance; // A crash left it behind, unless the child below gives way to somebody.
    } else if (!child) child = new Child();
    else if (child.gaveWay) child = silent = undefined;
    else if (child.failed) break;
    await pause(20);
  }
  const silence = `process ${found.pid ?? child?.process.pid} does not answer.`;
  const message = `The backend does not come up: ${child?.failed ? child.words : silence}`;
  throw new Trouble({ code: "backend_unreachable", message, hint: "Run `foley doctor`." });
}

/** The record of the take, once it is there. */
async function makeTake(film, prompt, take, engine = "auto") {
  const cue = { media: path.resolve(film), prompt, engine };
  const deliver = { takes: [path.resolve(take)] };
  const submit = { type: "submit", id: "1", job: randomUUID(), cue, deliver };
  for (;;) {
    const line = await reach();
    try {
      await line.say(submit);
      for await (const heard of line.messages()) {
        // What ended while we were away is told by `status` alone.
        if (heard.type === "accepted") await line.say({ type: "status", id: "2", job: submit.job });
        const told = heard.type === "status" ? heard.jobs[0] : heard;
        if (told.takes?.length) return told.takes[0];
        fail(told.error, told.state ?? told.type);
        if (told.type === "progress") console.error(`${told.stage} ${Math.round(told.progress * 100)}%`);
        if (told.type === "waiting") console.error(`waiting (${told.place} before it)`);
      }
    } finally {
      line.socket.close();
    }
  }
}

/** Throws where the job will not be made. A backend that shuts down ends soon, and the next one is asked. */
function fail(error, state) {
  if (error && error.code !== "shutting_down") throw new Trouble(error);
  if (state === "cancelled") throw new Trouble({ code: state, message: "Somebody cancelled it.", hint: "" });
}

try {
  const take = await makeTake(...process.argv.slice(2));
  console.log(`${take.path} begins at ${take.start_exact} s of the film.`);
} catch (error) {
  console.error(error instanceof Trouble ? `${error.code}: ${error.message} ${error.hint}` : error);
  process.exitCode = 1;
}
