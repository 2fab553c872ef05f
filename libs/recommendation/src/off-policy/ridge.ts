// Least squares with a penalty on everything but the constant (Hoerl & Kennard, 1970).

/** Sums over rows of features (first of them the constant 1) and rewards: all that a fit needs. */
export class NormalEquations {
  private readonly products: Float64Array;
  private readonly moments: Float64Array;

  constructor(private readonly width: number) {
    this.products = new Float64Array(width * width);
    this.moments = new Float64Array(width);
  }

  add(features: ArrayLike<number>, reward: number): void {
    const { width, products, moments } = this;
    for (let row = 0; row < width; row++) {
      const feature = features[row] as number;
      if (feature === 0) continue;
      moments[row] = (moments[row] as number) + feature * reward;
      for (let column = 0; column <= row; column++) products[row * width + column] = (products[row * width + column] as number) + feature * (features[column] as number);
    }
  }

  /** By Cholesky's decomposition. A penalty above 0 makes every feature's pivot positive; without rows every coefficient is 0. */
  solve(penalty: number): Float64Array {
    const { width, moments } = this;
    const lower = this.products.slice();
    const solved = moments.slice();
    const at = (row: number, column: number): number => lower[row * width + column] as number;
    for (let column = 0; column < width; column++) {
      for (let row = column; row < width; row++) {
        let rest = at(row, column) + (row === column && row > 0 ? penalty : 0);
        for (let k = 0; k < column; k++) rest -= at(row, k) * at(column, k);
        // Only the constant has no penalty, and it is 0 only where there is no row.
        lower[row * width + column] = row === column ? Math.sqrt(rest > 0 ? rest : penalty) : rest / at(column, column);
      }
    }
    for (let row = 0; row < width; row++) {
      for (let k = 0; k < row; k++) solved[row] = (solved[row] as number) - at(row, k) * (solved[k] as number);
      solved[row] = (solved[row] as number) / at(row, row);
    }
    for (let row = width - 1; row >= 0; row--) {
      for (let k = row + 1; k < width; k++) solved[row] = (solved[row] as number) - at(k, row) * (solved[k] as number);
      solved[row] = (solved[row] as number) / at(row, row);
    }
    return solved;
  }
}
