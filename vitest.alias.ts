import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('./src', import.meta.url));

/** What an example imports as an app would comes from the source, so that no build is needed. */
export const alias: { find: RegExp; replacement: string }[] = [
  { find: /^mailseal$/, replacement: `${source}/index.ts` },
  { find: /^mailseal\/(.*)$/, replacement: `${source}/$1/index.ts` },
];
