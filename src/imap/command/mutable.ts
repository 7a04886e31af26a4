/** A value while it is made: its optional properties are set as they are met. */
export type Mutable<Value> = { -readonly [Name in keyof Value]: Value[Name] };
