import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { isRefusal, type Refusal } from '@trellis/event-sourcing';
import { classBoard, type Board } from '@trellis/recommendation';
import { ClassReader, type ClassAsked, type ClassRefusal } from './class-reader.js';

/** With the language of the course, in which its titles are. */
export type BoardAnswer = { readonly board: Board; readonly language: string } | Refusal<ClassRefusal>;

export class BoardQuery extends Query<BoardAnswer> {
  constructor(readonly asked: ClassAsked) {
    super();
  }
}

@QueryHandler(BoardQuery)
export class BoardHandler implements IQueryHandler<BoardQuery> {
  constructor(@Inject(ClassReader) private readonly reader: ClassReader) {}

  async execute({ asked }: BoardQuery): Promise<BoardAnswer> {
    const question = await this.reader.read(asked);
    return isRefusal(question) ? question : { board: classBoard(question), language: question.map.course.content.language };
  }
}
