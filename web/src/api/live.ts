import { backoff } from "./patience";
import type { Inputs, LiveAnswer, Tier } from "./types";

interface Request {
  id: number;
  channel: string;
  tier: Tier;
  state: Inputs;
}
interface Channel {
  /** The request whose answer is awaited. */
  inFlight: Request | null;
  /** The newest request, which waits until the coarse one under way is answered. */
  waiting: Request | null;
  last: Request | null;
}
export type Connection = "connecting" | "open" | "lost";

export interface Listener {
  onAnswer: (answer: LiveAnswer, inputs: Inputs) => void;
  onConnection: (connection: Connection) => void;
}

/** The live channels: one coarse request at most is under way, and the latest one wins. */
export class Live {
  readonly #address: string;
  readonly #listener: Listener;
  readonly #channels = new Map<string, Channel>();
  #socket: WebSocket | null = null;
  #attempt = 0;
  #nextId = 1;

  constructor(address: string, listener: Listener) {
    this.#address = address;
    this.#listener = listener;
    this.#connect();
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  request(channel: string, tier: Tier, inputs: Inputs): void {
    const request: Request = { id: this.#nextId++, channel, tier, state: inputs };
    const line = this.#channel(channel);
    line.last = request;
    // A coarse answer is soon there, and worth waiting for; a full one gives way to whatever is newer.
    if (line.inFlight?.tier === "drag") {
      line.waiting = request;
      return;
    }
    this.#send(line, request);
  }

  #channel(name: string): Channel {
    const known = this.#channels.get(name) ?? { inFlight: null, waiting: null, last: null };
    this.#channels.set(name, known);
    return known;
  }

  #send(line: Channel, request: Request): void {
    line.waiting = null;
    if (!this.#socket || !this.isOpen) return; // sent when the socket opens
    line.inFlight = request;
    this.#socket.send(JSON.stringify(request));
  }

  #connect(): void {
    this.#listener.onConnection(this.#attempt === 0 ? "connecting" : "lost");
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (message: MessageEvent<string>) => this.#heard(JSON.parse(message.data) as LiveAnswer);
    socket.onclose = () => this.#closed();
  }

  #opened(): void {
    this.#attempt = 0;
    this.#listener.onConnection("open");
    for (const line of this.#channels.values()) if (line.last) this.#resume(line, line.last);
  }

  /** After a silence something should soon be there: the coarse answer first, whatever was asked last. */
  #resume(line: Channel, last: Request): void {
    this.#send(line, { ...last, id: this.#nextId++, tier: "drag" });
    if (last.tier !== "drag") line.waiting = last;
  }

  #closed(): void {
    for (const line of this.#channels.values()) line.inFlight = null;
    const wait = backoff(this.#attempt++);
    this.#listener.onConnection("lost");
    setTimeout(() => this.#connect(), wait);
  }

  #heard(answer: LiveAnswer): void {
    const line = this.#channels.get(answer.channel);
    const asked = line?.inFlight;
    if (!line || !asked || asked.id !== answer.id) return; // an answer that a later request overtook
    if (!answer.progress) line.inFlight = null;
    this.#listener.onAnswer(answer, asked.state);
    if (!answer.progress && line.waiting) this.#send(line, line.waiting);
  }
}

export function liveAddress(location: Location): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/live`;
}
