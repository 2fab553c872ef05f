// Tenants in which another calibration came into force, for whoever folds their rows again.
import type { TenantId } from '@trellis/learning';
import type { Calibrations } from '@trellis/views';

export class Activations {
  private readonly tenants = new Set<TenantId>();
  private wake: () => void = () => undefined;

  constructor(calibrations: Calibrations) {
    calibrations.onActivation((tenant) => {
      this.tenants.add(tenant);
      this.wake();
    });
  }

  take(): readonly TenantId[] {
    const tenants = [...this.tenants];
    this.tenants.clear();
    return tenants;
  }

  /** Until there is one, or the signal. */
  next(signal: AbortSignal): Promise<void> {
    if (this.tenants.size > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
    });
  }
}
