// Made-up numbers that move smoothly and in plausible directions when a lever moves.

const logistic = (x) => 1 / (1 + Math.exp(-x));
const valueOf = (scenario, state, lever) =>
  state.levers[lever.id] ?? scenario.postures.find((p) => p.id === state.posture)?.levers[lever.id] ?? 0;

function strengthOf(scenario, state) {
  let strength = 0;
  for (const lever of scenario.levers) {
    const worth = Math.log1p(lever.annual_meur ?? 1) / 12;
    strength += worth * Math.log1p((valueOf(scenario, state, lever) / Math.max(1, lever.tested)) * 3);
  }
  return strength;
}

// A repeatable shake, so that 40 worlds differ from 512 as they do in a sample.
function shake(seed) {
  let x = seed * 2654435761;
  return () => {
    x = (x * 1664525 + 1013904223) % 4294967296;
    return x / 4294967296;
  };
}

const spread = (mean, width, half) => ({ mean, p05: mean * (1 - width), p50: mean * 0.97, p95: mean * (1 + width), half_width: half });

export function resultOf(scenario, state, worlds) {
  const strength = strengthOf(scenario, state) + Object.values(state.overrides).reduce((a, b) => a + Math.tanh(b) / 5, 0);
  const variant = state.variants.includes("late-2022") ? -0.8 : state.variants.includes("reconstituted") ? 0.5 : 0;
  const noise = (shake(state.seed + worlds)() - 0.5) / Math.sqrt(worlds);
  const attack = logistic(-0.1 - strength * 0.42 + variant + noise);
  const full = logistic(-0.4 + strength * 0.16 + noise);
  const falls = logistic(2.2 - strength * 0.45 + variant / 2);
  const sum = (field) => scenario.levers.reduce((a, l) => a + (l[field] ?? 0) * valueOf(scenario, state, l), 0);
  const [annual, oneOff] = [sum("annual_meur"), sum("one_off_meur")];
  const half = 0.45 / Math.sqrt(worlds);
  const nuclear = 0.006 + attack * full * 0.05;
  const figures = {
    p_attack: { mean: attack, p05: attack * 0.1, p50: attack * 0.9, p95: Math.min(1, attack * 2.2), half_width: half },
    belief_full: spread(full * 0.92, 0.5, half),
    p_full: spread(full, 0.6, half),
    p_capital_falls: spread(falls, 0.3, half),
    nuclear_use: spread(nuclear, 0.9, half / 5),
    p_second_theatre: spread(0.3 + attack * 0.3, 0.3, half / 2),
    annual_cost_meur: spread(annual, 0.15, annual / 100),
    one_off_cost_meur: spread(oneOff, 0.4, oneOff / 100),
    blue_casualties: spread(9000 + 6000 * falls, 0.5, 400),
    red_casualties: spread(7000 + 9000 * (1 - falls), 0.9, 400),
    decision_hours: spread(70 - strength, 0.5, 2),
    expected_loss_beur: spread(900 * attack * falls, 0.9, 20),
  };
  return {
    posture: state.posture, seed: state.seed, worlds, figures,
    histogram: histogram(attack, worlds, state.seed),
    hours_to: scenario.places.filter((p) => p.is_goal).map((p, i) => hours(p, strength, falls, i)),
    outcomes: outcomes(attack, full, falls, nuclear),
    acts: [], response: [],
    annual_cost_meur: annual, one_off_cost_meur: oneOff,
    untested: scenario.levers.filter((l) => valueOf(scenario, state, l) > l.tested).map((l) => l.id),
  };
}

function hours(place, strength, falls, index) {
  const p50 = 40 * Math.exp(strength * 0.11) * (1 + index * 0.25);
  return { id: place.id, name: place.name, share: Math.min(1, falls + 0.1), p05: p50 * 0.45, p50, p95: p50 * 2.4 };
}

function histogram(attack, worlds, seed) {
  const random = shake(seed + 7);
  const edges = Array.from({ length: 21 }, (_, i) => i / 20);
  const counts = Array(20).fill(0);
  for (let i = 0; i < worlds; i++) {
    const x = logistic(Math.log(attack / (1 - attack)) - 0.2 + 2.6 * (random() + random() + random() - 1.5));
    counts[Math.min(19, Math.floor(x * 20))]++;
  }
  return { figure: "p_attack", edges, counts };
}

function outcomes(attack, full, falls, nuclear) {
  const grey = (1 - attack) * 0.25;
  const war = attack - nuclear;
  const [a, b] = [war * full, war * (1 - full)];
  return {
    deterred: 1 - attack - grey, grey_zone: grey, repelled: war * (1 - falls) * 0.6, retaken: a * falls * 0.6 + war * (1 - falls) * 0.4,
    stalemate: a * falls * 0.4, sanctions_only: b * falls * 0.7, inaction: b * falls * 0.3, nuclear_use: nuclear,
  };
}

export function differenceOf(column, first) {
  const figures = {};
  for (const [id, spread] of Object.entries(column.result.figures)) {
    const mean = spread.mean - first.result.figures[id].mean;
    figures[id] = { mean, low: mean - spread.half_width, high: mean + spread.half_width };
  }
  return { name: column.name, figures };
}
