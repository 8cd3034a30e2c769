/** Branches as APP-6 draws them, within a frame of 20 by 13 about the middle. */
const CROSS = "M-10,-6.5 10,6.5M-10,6.5 10,-6.5";
const TRACKS = "M-4,-3.2H4A3.2,3.2 0 0 1 4,3.2H-4A3.2,3.2 0 0 1 -4,-3.2Z";

const SIGNS: Record<string, string> = {
  armour: TRACKS,
  mechanised: `${CROSS}${TRACKS}`,
  motorised: `${CROSS}M0,-6.5V6.5`,
  light: CROSS,
  infantry: CROSS,
  airborne: `${CROSS}M-4,5.4Q-2,2.6 0,5.4Q2,2.6 4,5.4`,
  territorial: `${CROSS}M-10,3.8H10`,
  artillery: "M-2,0A2,2 0 1 1 2,0A2,2 0 1 1 -2,0",
  reconnaissance: "M-10,6.5 10,-6.5",
};

export const signOf = (type: string): string | null => SIGNS[type] ?? null;
export const letterOf = (type: string): string => type.charAt(0).toUpperCase();
export const BOX = "M-10,-6.5H10V6.5H-10Z";
/** Red's diamond, as wide as the sign within it needs. */
export const DIAMOND = "M0,-11.5 13,0 0,11.5 -13,0Z";
