/** Whether a part of the page is in sight: what nobody looks at need not be asked for. */
export class Seen {
  isSeen = $state(false);

  watch = (place: Element): (() => void) => {
    const watch = new IntersectionObserver((seen) => (this.isSeen = seen.some((one) => one.isIntersecting)));
    watch.observe(place);
    return () => watch.disconnect();
  };
}
