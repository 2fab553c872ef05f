import { createService, startService, runMain, Roles, Open, Caller, TakesBody, Answers, schemaOf, Problem, isNdjson, readConfig, BodyLimit } from './dist/index.js';
import { Controller, Get, Post, Body, Module, Param } from '@nestjs/common';
const dec=(ds,t,k)=>{const d=Object.getOwnPropertyDescriptor(t.prototype,k);for(const x of ds)x(t.prototype,k,d)};
class C{ hi(){return {a:1}} post(b){return {ok:b?.length??0, nd:isNdjson(b)}} slow(){return new Promise(r=>setTimeout(()=>r({slow:1}),1500))} }
Roles('platform')(C); Controller('v1')(C);
dec([Get('hi')],C,'hi'); dec([Post('post'),BodyLimit(16*1024*1024)],C,'post'); dec([Get('slow')],C,'slow');
Body()(C.prototype,'post',0);
class M{} Module({controllers:[C]})(M);
await runMain(async()=>{ const s=await startService(M,{name:'try',config:readConfig({TRELLIS_PORT:process.env.PORT??'0', TRELLIS_LOG_LEVEL:process.env.L??'info'})}); console.error(s.url)});
