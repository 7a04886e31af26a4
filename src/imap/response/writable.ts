/** A response while it is read. */
export type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] };
