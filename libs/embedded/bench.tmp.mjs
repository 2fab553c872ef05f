import { openEmbedded } from './dist/index.js';
import { randomUUID, createHash } from 'node:crypto';
import { rmSync, openSync, writeSync, fdatasyncSync, mkdirSync } from 'node:fs';
import * as fs from 'node:fs';
const N = Number(process.argv[2] ?? 300000), LEARNERS = Number(process.argv[3] ?? 5000);
const dir='/tmp/emb/bench'; rmSync(dir,{recursive:true,force:true}); mkdirSync(dir,{recursive:true});
const bytes=Buffer.alloc(150,'x');
const mk=(i)=>({stream:'learner-default.student-'+(i*7919%LEARNERS), event:{id:randomUUID(),type:'AnswerGiven',digest:'00112233445566'+String(i%90+10),bytes}});
const cpu=()=>{const c=process.threadCpuUsage();return (c.user+c.system)/1000};
// bare
{ const fd=openSync(dir+'/bare','w'); const b=Buffer.alloc(500*250); let t=performance.now(), at=0; const wr=(p)=>new Promise(r=>fs.write(fd,b,0,b.length,p,()=>fs.fdatasync(fd,r)));
  for(let i=0;i<N/500;i++){await wr(at);at+=b.length;} console.log('bare append+fdatasync ev/s', Math.round(N/((performance.now()-t)/1000))); }
const e=await openEmbedded(dir+'/data');
const batches=[]; for(let i=0;i<N;i+=500){const b=[];for(let j=0;j<500;j++)b.push(mk(i+j));batches.push(b);}
for (const conc of [1,4]) {
  const part=batches.splice(0,conc===1?batches.length/2:batches.length); let k=0; const c0=cpu(),t=performance.now();
  await Promise.all(Array.from({length:conc},async()=>{while(k<part.length){await e.store.appendObservations(part[k++]);}}));
  const ms=performance.now()-t; console.log(`observations conc ${conc}: ev/s`,Math.round(part.length*500/ms*1000),'main cpu us/event',((cpu()-c0)*1000/(part.length*500)).toFixed(2));
}
{ const all=[]; for(let i=0;i<8000;i++) all.push(mk(i)); let k=0; const lat=[]; const c0=cpu(),t=performance.now();
 await Promise.all(Array.from({length:16},async()=>{while(k<all.length){const {stream,event}=all[k++];const s=performance.now();await e.store.append(stream,[event],'any');lat.push(performance.now()-s);}}));
 const ms=performance.now()-t; lat.sort((a,b)=>a-b); console.log('single x16: appends/s',Math.round(8000/ms*1000),'p50',lat[4000].toFixed(2),'p99',lat[7920].toFixed(2),'cpu us/append',((cpu()-c0)*1000/8000).toFixed(1)); }
{ const fd=openSync(dir+'/bare2','w'); const b=Buffer.alloc(16*250); let t=performance.now(), at=0; const wr=(p)=>new Promise(r=>fs.write(fd,b,0,b.length,p,()=>fs.fdatasync(fd,r)));
  for(let i=0;i<500;i++){await wr(at);at+=b.length;} console.log('bare joined 16 appends/s', Math.round(8000/((performance.now()-t)/1000))); }
for (let r=0;r<3;r++){ let n=0; const c0=cpu(),t=performance.now(); for await(const p of e.store.readAll()) n+=p.length; const ms=performance.now()-t; console.log('readAll rec/s',Math.round(n/ms*1000),'cpu us/rec',((cpu()-c0)*1000/n).toFixed(3),n); }
{ const t=performance.now(); let n=0; for(let i=0;i<200;i++){ for await(const p of e.store.read('learner-default.student-'+i)) n+=p.length;} console.log('stream reads: ms each',((performance.now()-t)/200).toFixed(3),'events each',n/200); }
{ const t=performance.now(); let n=0; for(let i=0;i<2000;i++){ for await(const p of e.store.read('learner-default.student-'+i,{from:50})) n+=p.length;} console.log('tail reads: us each',((performance.now()-t)/2).toFixed(1),'events each',n/2000); }
console.log('rss MB',Math.round(process.memoryUsage().rss/1e6)); let t=performance.now(); await e.close(); console.log('close ms',performance.now()-t);
t=performance.now(); const f=await openEmbedded(dir+'/data'); console.log('open ms',performance.now()-t, f.report); await f.close();
rmSync(dir+'/data/index',{recursive:true}); t=performance.now(); const g=await openEmbedded(dir+'/data'); console.log('rebuild ms',performance.now()-t, g.report); await g.close();
