/** Where the formatter breaks a line. What is generated is in its final form: no formatter runs on it. */
export const LINE_MAX = 120;
