/** Files of a scenario, from a choice, a folder or a drop. */
export interface Given {
  /** Where it stood: `folder/name`, or the name alone. */
  path: string;
  file: File;
}
export interface Picked {
  kept: { name: string; file: File }[];
  /** Paths of what cannot belong to a scenario. */
  left: string[];
}

const DEEPEST = 2; // a folder and the files in it; a scenario's folder holds no folders

/** Of what was given, the files that can belong to a scenario; each name once. */
export function pick(given: readonly Given[], endings: readonly string[]): Picked {
  const kept = new Map<string, File>();
  const left: string[] = [];
  for (const { path, file } of given) {
    const parts = path.split("/").filter(Boolean);
    const name = parts.at(-1) ?? "";
    const fits = parts.length <= DEEPEST && !name.startsWith(".") && endings.some((ending) => name.endsWith(ending));
    if (fits && !kept.has(name)) kept.set(name, file);
    else left.push(path);
  }
  return { kept: [...kept].map(([name, file]) => ({ name, file })), left };
}

/** Why files are too many or too large to be sent; empty if they are not. */
export function excess({ kept }: Picked, limits: { upload_files: number; upload_bytes: number }): string {
  const bytes = kept.reduce((sum, { file }) => sum + file.size, 0);
  if (kept.length > limits.upload_files) return `${kept.length} files are too many; a scenario has at most ${limits.upload_files}.`;
  if (bytes > limits.upload_bytes) return `${megabytes(bytes)} are too much; together they may have ${megabytes(limits.upload_bytes)}.`;
  return "";
}

export const megabytes = (bytes: number): string => `${Number((bytes / 1e6).toPrecision(2))} MB`;

export const fromInput = (files: FileList | null): Given[] =>
  [...(files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

/** What was dropped; of folders what is in them. To be called before the drop's event has ended. */
export async function fromDrop(items: DataTransferItemList): Promise<Given[]> {
  const files = [...items].filter(({ kind }) => kind === "file");
  const given = files.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  return (await Promise.all(given.map(taken))).flat();
}

/** Not all that can be dropped has an entry in a file system. */
async function taken(given: FileSystemEntry | File | null): Promise<Given[]> {
  if (given === null) return [];
  return given instanceof File ? [{ path: given.name, file: given }] : within(given, 1);
}

async function within(entry: FileSystemEntry, depth: number): Promise<Given[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  if (depth >= DEEPEST) return [];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    // A browser gives a folder in parts, and an empty one last.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) break;
    found.push(...part);
  }
  return (await Promise.all(found.map((child) => within(child, depth + 1)))).flat();
}
