/** Rows of one checkpoint matrix [tensorRows, inputs] that become output channels of a linear layer. */
export type LinearPart = {
  readonly weight: string;
  readonly bias?: string;
  readonly tensorRows: number;
  readonly rowStart?: number;
  readonly rows?: number;
};

export type LinearRequest = {
  /** Names the stored tensors of this layer; unique in the store. */
  readonly key: string;
  /** Matrices that are joined, one below the other. */
  readonly parts: readonly LinearPart[];
  readonly inputs: number;
  /** Output channel i is row `rowOrder[i]` of the joined parts. */
  readonly rowOrder?: Int32Array;
  /** Input channel i is column `columnOrder[i]`. */
  readonly columnOrder?: Int32Array;
  /**
   * What int8 and int4 packages do with this layer: `never` for small and sensitive ones, `eight` for those whose error
   * is not averaged out (MemAug's sharp attention, the output layer), `format` for the bulk.
   */
  readonly quantize: 'never' | 'eight' | 'format';
  /** NOTE parts (cut-products.ts), unless the weight is quantised. */
  readonly outputParts?: number;
  readonly inputParts?: number;
};

/** Of each joined matrix its share of the rows: the `part`th of `parts`. */
export function shareOf(request: LinearRequest, part: number, parts: number): LinearRequest {
  return {
    ...request,
    parts: request.parts.map((matrix) => {
      const rows = (matrix.rows ?? matrix.tensorRows) / parts;
      return { ...matrix, rowStart: (matrix.rowStart ?? 0) + part * rows, rows };
    }),
  };
}

export function outputsOf({ parts }: LinearRequest): number {
  return parts.reduce((sum, part) => sum + (part.rows ?? part.tensorRows), 0);
}

/** The rows of a request in pieces of at most `step`; one piece where rows or columns change places. */
export function rowPieces(request: LinearRequest, outputs: number, step: number): { readonly piece: LinearRequest; readonly rows: number }[] {
  if (request.rowOrder !== undefined || request.columnOrder !== undefined) return [{ piece: request, rows: outputs }];
  return request.parts.flatMap((part) => {
    const rows = part.rows ?? part.tensorRows;
    return Array.from({ length: Math.ceil(rows / step) }, (_, index) => {
      const some = Math.min(step, rows - index * step);
      return { piece: { ...request, parts: [{ ...part, rowStart: (part.rowStart ?? 0) + index * step, rows: some }] }, rows: some };
    });
  });
}
