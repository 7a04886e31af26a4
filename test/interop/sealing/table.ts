import type { Row } from './cells.js';
import { authenticatedRows, cipherRows, recipientRows } from './enveloped-rows.js';
import { signedRows } from './signed-rows.js';

/** A table of the page: rows with the same work. */
export interface Chapter {
  readonly title: string;
  /** The file with its tests. */
  readonly test: string;
  readonly rows: readonly Row[];
}

/** The chapters of docs/interop.md, in order. */
export const chapters: readonly Chapter[] = [
  {
    title: 'Enveloped, by cipher',
    test: 'test/interop/sealing-enveloped.test.ts',
    rows: cipherRows,
  },
  {
    title: 'Enveloped, by recipient',
    test: 'test/interop/sealing-enveloped.test.ts',
    rows: recipientRows,
  },
  {
    title: 'Authenticated and enveloped',
    test: 'test/interop/sealing-enveloped.test.ts',
    rows: authenticatedRows,
  },
  { title: 'Signed', test: 'test/interop/sealing-signed.test.ts', rows: signedRows },
];

export const allRows: readonly Row[] = chapters.flatMap(({ rows }) => rows);
