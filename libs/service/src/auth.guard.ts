// Who calls, and whether a route is theirs to call. Closed by default: a route that names neither roles nor `@Open()` is a
// fault of ours and answers nobody.

import { type CanActivate, createParamDecorator, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ANYONE, type KeyHolder, type Keys, type Role } from './keys.js';
import { forbidden, type Problem, unauthenticated } from './problems.js';
import { routeConfig } from './route-config.js';

const ALLOWED = Symbol('roles');

/** The roles that may call a route, or every route of a controller. */
export const Roles = (...roles: [Role, ...Role[]]) => SetMetadata(ALLOWED, roles);

/** A route for everybody, key or not. */
export const Open = () => routeConfig({ open: true });

/** Who calls: the tenant that owns everything the call may touch, and the role. */
export type Caller = KeyHolder;

/** As a parameter of a controller's method: `@Caller() caller: Caller`. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (caller === null) throw new Error('An open route asks who calls; only a route with roles can know');
  return caller;
});

/**
 * Finds out who calls, before the body is read: who has no key shall not make us parse megabytes. Answers the problem for
 * those who must not go on.
 */
export function authenticate(request: FastifyRequest, keys: Keys | null): Problem | null {
  request.caller = keys === null ? ANYONE : keys.holderOf(request.headers.authorization);
  if (request.caller !== null || request.routeOptions.config.open === true) return null;
  return unauthenticated(
    request.headers.authorization === undefined
      ? 'This needs a key: send the header Authorization: Bearer <key>.'
      : 'The key in the header Authorization is not known here; it must be: Bearer <key>, with a key of the keys file.',
  );
}

@Injectable()
export class RolesGuard implements CanActivate {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.routeOptions.config.open === true) return true;
    const roles = this.reflector.getAllAndOverride<readonly Role[] | undefined>(ALLOWED, [context.getHandler(), context.getClass()]);
    if (roles === undefined) throw new Error(`${context.getClass().name}.${context.getHandler().name} names no roles`);
    const { caller } = request;
    if (caller === null) throw unauthenticated('This needs a key: send the header Authorization: Bearer <key>.');
    if (caller.role === 'any' || roles.includes(caller.role)) return true;
    throw forbidden(`This key has the role ${caller.role}; ${roles.join(' or ')} may do this.`);
  }
}
