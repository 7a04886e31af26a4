import { authenticatedRows, cipherRows, recipientRows } from './enveloped-rows.js';
import { certsOnlyRows, layersRows } from './other-rows.js';
import type { Row } from './row.js';
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
  { title: 'Signed', test: 'test/interop/sealing-signed.test.ts', rows: signedRows },
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
  {
    title: 'Certificates only',
    test: 'test/interop/sealing-certs-only.test.ts',
    rows: certsOnlyRows,
  },
  {
    title: 'Several layers',
    test: 'test/interop/sealing-layers.test.ts',
    rows: layersRows,
  },
];

export const allRows: readonly Row[] = chapters.flatMap(({ rows }) => rows);
