import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { isRefusal, type Refusal } from '@trellis/event-sourcing';
import type { Group } from '@trellis/learning';
import { suggestGroups, type SuggestedKind, type Suggestion } from '@trellis/recommendation';
import { ClassReader, type ClassAsked, type ClassRefusal } from './class-reader.js';

export interface GroupsShown {
  /** As the teacher left them. */
  readonly groups: readonly Group[];
  readonly suggestion: Suggestion;
  readonly language: string;
}

export class GroupsQuery extends Query<GroupsShown | Refusal<ClassRefusal>> {
  constructor(
    readonly asked: ClassAsked,
    readonly wish: { readonly kind: SuggestedKind; readonly size?: number },
  ) {
    super();
  }
}

@QueryHandler(GroupsQuery)
export class GroupsHandler implements IQueryHandler<GroupsQuery> {
  constructor(@Inject(ClassReader) private readonly reader: ClassReader) {}

  async execute({ asked, wish }: GroupsQuery): Promise<GroupsShown | Refusal<ClassRefusal>> {
    const question = await this.reader.read(asked);
    if (isRefusal(question)) return question;
    const { groups } = question.classroom.state;
    return { groups, suggestion: suggestGroups({ ...question, ...wish }), language: question.map.course.content.language };
  }
}
