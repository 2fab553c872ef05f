// A process of its own: the constant route as every service of ours has its routes, with keys, roles, limits, request log,
// metrics and problems, and nothing behind it. Its argument is the answer as JSON; the environment is that of any service.
import { Body, Controller, HttpCode, Module, Param, Post } from '@nestjs/common';
import { readConfig, Roles, runMain, startService } from '@trellis/service';
import { constantAnswer } from './constant-answer.js';

@Controller('v1')
@Roles('platform', 'teacher')
class ConstantController {
  @Post('learners/:learner/recommendations')
  @HttpCode(200)
  recommend(@Param('learner') learner: string, @Body() body: unknown): unknown {
    return constantAnswer(learner, body);
  }
}

@Module({ controllers: [ConstantController] })
class ConstantModule {}

await runMain(async () => {
  const { url } = await startService(ConstantModule, { name: 'constant', config: readConfig(process.env) });
  process.stdout.write(`${url}\n`);
});
