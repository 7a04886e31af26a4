/** One parameter of a Content-Type or Content-Disposition, decoded. */
export interface Parameter {
  /** Lower case, without the `*` and section numbers of RFC 2231. */
  readonly name: string;
  readonly value: string;
  /** The charset that the value was declared in, lower case, where it was (RFC 2231 §4). */
  readonly charset: string | undefined;
  /** The language tag that the value was declared in, where it was. */
  readonly language: string | undefined;
}

/**
 * The parameters of a structured field, by lower-case name. Where a name
 * stands there twice the first counts; an extended value (`name*`) counts
 * before a plain one, as RFC 6266 §4.3 has it. Values are decoded (RFC 2231).
 *
 * @example
 * ```ts
 * import { parseContentType } from 'mailseal/mime';
 *
 * const { parameters } = parseContentType('application/pdf; name*0="long"; name*1="name.pdf"');
 * console.log(parameters.get('Name'), parameters.has('charset')); // longname.pdf false
 * ```
 */
export class Parameters {
  /** All of them, in the order in which their names stand there first. */
  readonly all: readonly Parameter[];
  /** By name; made only for many. */
  #byName: Map<string, Parameter> | undefined;

  /** @param all of them, no name twice */
  constructor(all: readonly Parameter[]) {
    this.all = all;
  }

  /** The value of a parameter, whatever the name's case; `undefined` when it is not there. */
  get(name: string): string | undefined {
    return this.#find(name.toLowerCase())?.value;
  }

  /** Whether the parameter is there, whatever the name's case. */
  has(name: string): boolean {
    return this.#find(name.toLowerCase()) !== undefined;
  }

  #find(name: string): Parameter | undefined {
    const { all } = this;
    if (all.length > FEW) {
      this.#byName ??= new Map(all.map((parameter) => [parameter.name, parameter]));
      return this.#byName.get(name);
    }
    for (let i = 0; i < all.length; i++) if (all[i]!.name === name) return all[i];
    return undefined;
  }
}

const FEW = 8;
