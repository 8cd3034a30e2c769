import { valueText } from "../format";
import { wrapped, type Provenance, type Sheet } from "./sheet";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 560;
const EDGE = 20;
const FONT = "Inter, 'Inter Variable', system-ui, sans-serif";
const LINE = 16;
const LETTER = 6.3; // pixels, of the table's type
const GAP = 14;
/** What a picture needs of the page's styles to look the same without them. */
const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
  "opacity", "font-size", "font-weight", "paint-order", "text-anchor",
] as const;

function element(name: string, attributes: Record<string, string | number>, text = ""): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text) made.textContent = text;
  return made;
}

/** A copy of a chart that carries its own styles. */
function styled(chart: SVGSVGElement): SVGSVGElement {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const originals = [chart, ...chart.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((one, index) => {
    const seen = getComputedStyle(originals[index]!);
    for (const style of STYLES) one.setAttribute(style, seen.getPropertyValue(style));
    one.removeAttribute("class");
    one.removeAttribute("style");
  });
  return copy;
}

/** A chart as a picture of its own: its title above, its numbers and where they come from below. */
export function picture(chart: SVGSVGElement, sheet: Sheet, provenance: Provenance): string {
  const look = getComputedStyle(chart);
  const [ink, ground, muted, edge] = ["--ink", "--card", "--muted", "--edge"].map((name) => look.getPropertyValue(name).trim());
  const parts: SVGElement[] = [];
  let y = EDGE;
  const write = (text: string, size: number, fill: string, weight = 400): void => {
    for (const line of wrapped(text, Math.floor((WIDTH - 2 * EDGE) / (size * (weight > 500 ? 0.63 : 0.56))))) {
      y += size * 1.35;
      parts.push(element("text", { x: EDGE, y, "font-size": size, fill, "font-weight": weight }, line));
    }
  };
  write(sheet.title, 16, ink!, 650);
  y += 10;
  const { width, height } = chart.viewBox.baseVal;
  const inner = WIDTH - 2 * EDGE;
  const copy = styled(chart);
  const tall = (inner * height) / width;
  for (const [key, value] of Object.entries({ x: EDGE, y, width: inner, height: tall })) copy.setAttribute(key, String(value));
  parts.push(copy);
  y += tall;
  write(sheet.key, 11, muted!);
  y += 14;
  parts.push(...table(sheet, y, { ink: ink!, muted: muted!, edge: edge! }));
  y += (sheet.rows.length + 1) * LINE + 8;
  for (const line of provenance) write(line, 10, muted!);
  const tallness = Math.ceil(y + EDGE);
  const whole = element("svg", { xmlns: SVG, viewBox: `0 0 ${WIDTH} ${tallness}`, width: WIDTH, height: tallness, "font-family": FONT });
  whole.append(element("title", {}, sheet.title), element("desc", {}, provenance.join("\n")));
  whole.append(element("rect", { width: WIDTH, height: tallness, fill: ground! }), ...parts);
  return new XMLSerializer().serializeToString(whole);
}

/** The numbers, in columns as broad as their words: the first one to the left, the others to the right. */
function table(sheet: Sheet, top: number, { ink, muted, edge }: Record<"ink" | "muted" | "edge", string>): SVGElement[] {
  const shown = sheet.columns.flatMap((column, index) => (column.isLong ? [] : [{ ...column, index }]));
  const texts = sheet.rows.map(({ cells }) => shown.map(({ index, unit }) => cellText(cells[index] ?? null, unit)));
  const widths = shown.map(({ name }, i) => Math.max(name.length, ...texts.map((row) => row[i]!.length)) * LETTER + GAP);
  const right = (column: number): number => WIDTH - EDGE - widths.slice(column + 1).reduce((sum, width) => sum + width, 0);
  const cell = (text: string, column: number, y: number, fill: string, indent: number): SVGElement =>
    column === 0
      ? element("text", { x: EDGE + indent, y, "font-size": 11, fill }, text)
      : element("text", { x: right(column), y, "font-size": 11, fill, "text-anchor": "end" }, text);
  const made = shown.map(({ name }, column) => cell(name, column, top + 10, muted, 0));
  texts.forEach((row, index) => {
    const y = top + 10 + (index + 1) * LINE;
    const { colour } = sheet.rows[index]!;
    if (colour) made.push(element("rect", { x: EDGE, y: y - 9, width: 10, height: 10, fill: colour, stroke: edge }));
    made.push(...row.map((text, column) => cell(text, column, y, ink, colour ? 16 : 0)));
  });
  return made;
}

/** A cell as the page writes it. */
export const cellText = (value: string | number | null, unit: string): string =>
  typeof value === "string" ? value : valueText(unit, value);
