/** Teaching: the reader guesses the headline before it is shown. */
export class Guess {
  isOn = $state(false);
  /** The guess for the posture in view; `null` until it is made. */
  value = $state<number | null>(null);

  get isHiding(): boolean {
    return this.isOn && this.value === null;
  }
  toggle(): void {
    this.isOn = !this.isOn;
    this.value = null;
  }
}
