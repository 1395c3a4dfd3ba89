/** Every diagnostic code; the table with texts and advice grows beside the checks. */
export type CodeName = string;
