// Tenants in which another calibration came into force, for whoever folds their rows again.
import type { TenantId } from '@trellis/learning';
import type { Calibrations } from '@trellis/views';

export class Activations {
  private readonly tenants = new Set<TenantId>();
  private wake: () => void = () => undefined;

  constructor(calibrations: Calibrations) {
    calibrations.onActivation((tenant) => this.add(tenant));
  }

  add(tenant: TenantId): void {
    this.tenants.add(tenant);
    this.wake();
  }

  /** One of them, which is no longer among them; undefined where there is none. */
  take(): TenantId | undefined {
    const [tenant] = this.tenants;
    if (tenant !== undefined) this.tenants.delete(tenant);
    return tenant;
  }

  /** Until there is one, or the signal. */
  next(signal: AbortSignal): Promise<void> {
    if (this.tenants.size > 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.wake = done;
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }
}
