const KEY = "glacis-theme";
type Theme = "light" | "dark";

/** Light or dark: the system's until the reader chooses. */
class ThemeChoice {
  current = $state<Theme>("light");

  constructor() {
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    const kept = readKept(KEY);
    this.#apply(kept === "dark" || kept === "light" ? kept : system.matches ? "dark" : "light");
    system.addEventListener("change", (event) => {
      if (readKept(KEY) === null) this.#apply(event.matches ? "dark" : "light");
    });
  }

  toggle(): void {
    this.#apply(this.current === "dark" ? "light" : "dark");
    keep(KEY, this.current);
  }

  #apply(theme: Theme): void {
    this.current = theme;
    document.documentElement.dataset.theme = theme;
  }
}

/** Storage may be forbidden; the page works without it. */
export function readKept(key: string): string | null {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null;
  }
}
export function keep(key: string, value: string): void {
  try {
    window.localStorage.setItem(key, value);
  } catch {
    // Kept for this visit only.
  }
}

export const theme = new ThemeChoice();
