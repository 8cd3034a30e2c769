/** The numbers behind a chart, as a table and as a file. */
export interface Column {
  name: string;
  /** As the server names units; empty for words. */
  unit: string;
  /** Whether its words are too long to stand in a picture. */
  isLong?: boolean;
}
export interface Row {
  cells: (string | number | null)[];
  /** Of what the row is drawn with, if that has a colour of its own. */
  colour?: string;
}
export interface Sheet {
  /** Of its file, without ending. */
  id: string;
  /** What it shows, in a sentence. */
  title: string;
  /** How its chart is read, in a sentence. */
  key: string;
  columns: Column[];
  rows: Row[];
}
/** What a chart was made from, a fact a line. */
export type Provenance = string[];

const FORMULA = /^[=+\-@\t\r]/;

/** A cell as RFC 4180 has it; what a spreadsheet would take for a formula stays text. */
function quoted(cell: string | number | null): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const headed = ({ name, unit }: Column): string => (unit && unit !== "1" ? `${name} (${unit})` : name);

/** Comma-separated values, after lines that begin with # and say what they are. */
export function csvText(sheet: Sheet, provenance: Provenance): string {
  const told = [sheet.title, sheet.key, ...provenance].map((line) => `# ${line.replaceAll(/\s+/g, " ")}`);
  const rows = [sheet.columns.map(headed), ...sheet.rows.map(({ cells }) => cells)];
  return `${[...told, ...rows.map((cells) => cells.map(quoted).join(","))].join("\r\n")}\r\n`;
}

/** Words in lines of at most so many letters; a word that is longer is broken. */
export function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    let rest = word;
    if (line && line.length + 1 + rest.length > most) {
      lines.push(line);
      line = "";
    }
    while (rest.length > most) {
      lines.push(rest.slice(0, most));
      rest = rest.slice(most);
    }
    line = line ? `${line} ${rest}` : rest;
  }
  return line ? [...lines, line] : lines;
}
