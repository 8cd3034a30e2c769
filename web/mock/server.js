// A stand-in for the server while the page is made: the contract, with smooth made-up numbers. Never shipped.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { WebSocketServer } from "ws";

import { resultOf, differenceOf } from "./model.js";

const unzip = (name) => JSON.parse(gunzipSync(readFileSync(new URL(name, import.meta.url))).toString());
const { scenario, quantities, claims } = unzip("./baltic.json.gz");
const replay = unzip("./replay.json.gz");
Object.assign(scenario, { gap: null, marks: [], price: { unit: "meur", note: "a year" } });
replay.axes = [];
const meta = JSON.parse(readFileSync(new URL("./meta.json", import.meta.url)).toString());
const studies = new Map();

function land() {
  const file = new URL("../../src/glacis/scenarios/baltic/land.json", import.meta.url);
  const { bbox, features, source } = JSON.parse(readFileSync(file).toString());
  const rings = ({ type, coordinates }) =>
    type === "MultiPolygon" ? coordinates.flat() : type === "LineString" ? [coordinates] : coordinates;
  return {
    source: Object.values(source).slice(0, 2).join("; "),
    bbox,
    features: features.map((f) => ({ ...f.properties, rings: rings(f.geometry) })),
  };
}

function study(body) {
  const id = `study-${studies.size + 1}`;
  const started = Date.now();
  studies.set(id, () => {
    const progress = Math.min(1, (Date.now() - started) / 4000);
    const made = { grid: field, sensitivity }[body.kind];
    const result = progress < 1 ? null : made ? made(body.params) : claims;
    return { id, kind: body.kind, title: "The claims ledger", status: result ? "done" : "running", progress, created: new Date(started).toISOString(), result, error: null };
  });
  return { id };
}

function compare(body) {
  const columns = body.postures.map((p) => ({
    name: p.name,
    result: resultOf(scenario, { ...body, posture: p.posture, levers: p.levers }, body.worlds),
  }));
  const differences = columns.slice(1).map((c) => differenceOf(c, columns[0]));
  return { columns, differences };
}

const named = (id, values, more) => ({ id, name: id, unit: "1", values, tested: null, central: null, is_log: false, ...more });
const inputs = ({ x, y }) => ({
  x: named(x ?? "lever:heavy-brigade-forward", [0, 1, 2, 3, 4, 5, 6], { tested: 3 }),
  y: named(y ?? "set:belief.base", [0.2, 0.35, 0.5, 0.65], { central: 0.5 }),
});
const field = (params) => {
  const { x, y } = inputs(params);
  const mean = x.values.map((a) => y.values.map((b) => 0.7 / (1 + 0.2 * a) - 0.6 * b + 0.1));
  const figure = { mean, half_width: mean, low: 0, high: 0.7, levels: [0.1, 0.2, 0.3] };
  return { worlds: 512, seed: 1, x, y, figures: { p_attack: figure } };
};
const sensitivity = ({ figure, worlds }) => ({
  figure,
  worlds,
  of: quantities.length,
  noise: 0.03,
  drivers: quantities.slice(0, 6).map(({ path, unit, source, confidence, note }, k) => {
    const share = 0.2 / (k + 1) ** 1.2;
    const more = { share, low: share * 0.6, high: share * 1.4, stands_out: share > 0.03, direction: k % 2 ? "raises" : "lowers" };
    return { path, name: path, unit, source, confidence, note, ...more, ends: [0.3, 0.5], course: [[0, 0.3], [1, 0.4], [2, 0.5]] };
  }),
});

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function answer(method, path, body) {
  if (path === "/meta") return meta;
  if (path === "/scenarios/baltic") return scenario;
  if (path === "/scenarios/baltic/land") return land();
  if (path === "/scenarios/baltic/quantities") return quantities;
  if (path === "/replay") return await wait(700), { ...replay, chosen: body.run === "median" ? "median" : body.run };
  if (path === "/compare") return await wait(900), compare(body);
  if (path === "/inputs") return inputs(body);
  if (path === "/sensitivity") return await wait(300), sensitivity(body);
  if (path === "/studies" && method === "POST") return study(body);
  const job = /^\/studies\/([\w-]+)(\/cancel)?$/.exec(path);
  if (job && studies.has(job[1])) return { ...studies.get(job[1])(), ...(job[2] ? { status: "cancelled" } : {}) };
  if (path === "/report") return "<!doctype html><title>report</title><p>A report.</p>";
  return null;
}

function onRequest(request, response, next) {
  if (!request.url.startsWith("/api/v1/")) return next();
  let text = "";
  request.on("data", (part) => (text += part));
  request.on("end", async () => {
    const found = await answer(request.method, request.url.slice(7), text ? JSON.parse(text) : null);
    response.statusCode = found === null ? 404 : 200;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(found ?? { error: { message: "There is no such thing here.", problems: [] } }));
  });
}

function onSocket(socket) {
  const timers = new Map();
  const say = (message) => socket.send(JSON.stringify(message));
  socket.on("message", (data) => {
    const { id, channel, tier, state } = JSON.parse(data);
    clearTimeout(timers.get(channel));
    const worlds = meta.tiers[tier];
    const ms = tier === "drag" ? 110 : 600;
    timers.set(channel, setTimeout(() => say({ id, channel, tier, worlds, ms, result: resultOf(scenario, state, worlds) }), ms));
  });
}

function attach(server) {
  const sockets = new WebSocketServer({ noServer: true });
  sockets.on("connection", onSocket);
  server.middlewares.use(onRequest);
  server.httpServer.on("upgrade", (request, socket, head) => {
    if (request.url !== "/api/v1/live") return;
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client));
  });
}

export const mockServer = () => ({ name: "mock-server", configureServer: attach, configurePreviewServer: attach });
