/*
 * table: figures of a bench as columns of text, or as JSON.
 */
export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
export const ms = (us) => us / 1000;

/* Like x.xx, or – where there is none. */
export const number = (value, digits = 2) => (Number.isFinite(value) ? value.toFixed(digits) : '–');

/* `rows` begins with the titles; the first column is left-aligned. */
export function show(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => `${row[i] ?? ''}`.length)));
  for (const row of rows) {
    console.log(row.map((cell, i) => (i ? `${cell ?? ''}`.padStart(widths[i] + 2) : `${cell}`.padEnd(widths[0]))).join(''));
  }
}
