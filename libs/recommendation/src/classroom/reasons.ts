// What boards, groups and forecasts say, as keys with parameters: `teacher` for whoever teaches, `learner` where learners read it too.
// Parameters called mastery, goal, level, share or readiness are shares of 1 and shown in per cent.
import type { Reason } from '@trellis/learning';

export interface Sentence {
  readonly teacher: string;
  readonly learner?: string;
}

const EN = {
  // --- flags of a board ---
  'flag-stuck': {
    teacher: '{title} was put aside {pauses} {pauses:time|times}: {right} of {answers} answers right, the last one {days} {days:day|days} ago. Time for ten minutes together.',
    learner: '{title} is tricky just now. Your teacher can look at it with you.',
  },
  'flag-wheel-spinning': {
    teacher: '{answers} {answers:answer|answers} on {title}, {right} right, and no steady run of right ones yet. Another way in may help more than more of the same.',
    learner: 'You have worked a lot on {title}. Another way of looking at it may help.',
  },
  'flag-rapid': {
    teacher: '{rapid} of the last {answers} answers came too fast to be thought about; they do not count as knowledge.',
    learner: 'Some answers came very fast. Take the time you need.',
  },
  'flag-idle': { teacher: 'In a session, but no answer for {minutes} {minutes:minute|minutes}.' },
  'flag-behind': { teacher: '{days} {days:day|days} behind the calendar: {actual} skills mastered, {expected} expected by now.' },
  'flag-ahead': { teacher: '{days} {days:day|days} ahead of the calendar: {actual} skills mastered, {expected} expected by now. Ready for extension.' },
  'flag-review-load': {
    teacher: '{due} {due:review is|reviews are} due; about {minutes} {minutes:minute|minutes}.',
    learner: '{due} {due:short review keeps|short reviews keep} what you have learned.',
  },
  'flag-surer': { teacher: 'Says {level} of {title}, while {right} of {answers} answers were right ({mastery}). Worth a look at one item together.' },
  'flag-less-sure': { teacher: 'Says {level} of {title}, while {right} of {answers} answers were right ({mastery}). Worth showing what already works.' },
  'flag-paused': { teacher: 'The engine is paused for this learner; nothing is recommended until it goes on.' },
  // --- groups ---
  'group-shared-gap': { teacher: 'For all of them {title} is the weakest skill that they can work on now (about {mastery}).' },
  'group-not-begun': { teacher: 'For all of them {title} comes next; none has answered on it yet.' },
  'group-mixed-readiness': { teacher: 'Readiness for {title} from {low} to {high} is spread evenly: every group has learners who can explain and learners who can ask.' },
  'group-interest': { teacher: 'All of them said that they like {interest}.' },
  'group-rest': { teacher: 'Their interests are shared by nobody else here; they bring {interests} different ones.' },
  'group-extension': { teacher: 'All of them have mastered {title}. They are ready to go deeper.' },
  'group-own': { teacher: 'A group that you made; it stays as it is.' },
  'joined-second-gap': { teacher: 'Needs {own} most, alone; {title} is open too, so the work of this group fits.' },
  'joined-room': { teacher: 'Shares no stated interest with anybody left; this group had room.' },
  'joined-left-alone': { teacher: 'Was left alone in a group after your changes; this group had room.' },
  'kept-in-group': { teacher: 'Kept in "{group}" because you moved this learner there.' },
  'kept-out': { teacher: 'Kept out of groups because you took this learner out of one.' },
  'edit-without-group': { teacher: 'You had moved this learner to "{group}", which there is no reason for any more; placed anew.' },
  'alone-own-gap': { teacher: 'Needs {title} now, and nobody else does: better alone or with you.' },
  'alone-extension': { teacher: 'The only one who has mastered {title}: extension on one\'s own.' },
  'joined-no-interest': { teacher: 'Has not stated an interest yet; this group had room. Ask what it could be.' },
  'alone-no-interest': { teacher: 'Has not stated an interest yet. Ask what it could be.' },
  'alone-own-interest': { teacher: 'Nobody else said {interest}, and no group had room.' },
  'alone-not-ahead': { teacher: 'Still works towards {title}: {open} {open:skill is|skills are} open.' },
  'alone-paused': { teacher: 'The engine is paused for this learner.' },
  'alone-only-one': { teacher: 'Nobody is left to work with.' },
  'alone-too-many-groups': { teacher: 'A classroom may have {most} groups, and there are as many.' },
  // --- work left, dates ---
  'goal-reached': { teacher: 'All {needed} skills are mastered.', learner: 'You have reached it: all {needed} skills are mastered.' },
  'date-holds': {
    teacher: 'About {items} {items:answer is|answers are} left; at {pace} a day the date in {days} {days:day|days} holds ({share} likely).',
    learner: 'About {items} {items:answer|answers} to go. At your pace you will be there in time.',
  },
  'date-at-risk': {
    teacher: 'About {items} {items:answer is|answers are} left; at {pace} a day the date in {days} {days:day|days} is at risk ({share} likely). {needed} a day would do.',
    learner: 'About {items} {items:answer|answers} to go. {needed} a day would bring you there in time.',
  },
  'date-out-of-reach': {
    teacher: 'About {items} {items:answer is|answers are} left; {pace} a day will hardly do in {days} {days:day|days}, which would take {needed} a day. A later date or a smaller goal would be fair.',
    learner: 'About {items} {items:answer|answers} to go: more than fits until then. A later date or a smaller goal is fine, too.',
  },
  'date-passed': { teacher: 'The date was {days} {days:day|days} ago, and {open} {open:skill is|skills are} open.', learner: 'The date has passed. {open} {open:skill is|skills are} left: choose a new date when you like.' },
  'date-unknown': { teacher: 'About {items} {items:answer is|answers are} left in {days} {days:day|days}. There are no answers yet to tell the pace from.', learner: 'About {items} {items:answer|answers} to go. A few more answers will show your pace.' },
  // --- the class and its calendar ---
  'class-on-pace': { teacher: 'By now {expected} skills are planned, and the class has mastered {actual} on average.' },
  'class-behind': { teacher: 'By now {expected} skills are planned, and the class has mastered {actual} on average: {days} {days:day|days} behind.' },
  'class-ahead': { teacher: 'By now {expected} skills are planned, and the class has mastered {actual} on average: {days} {days:day|days} ahead.' },
  'class-date-holds': { teacher: '{title}: {finishing} of {learners} learners will be done by the date at their pace.' },
  'class-date-at-risk': { teacher: '{title}: only {finishing} of {learners} learners will be done by the date at their pace. {needed} answers a day each would bring the others there.' },
  'class-date-unknown': { teacher: '{title}: no answers yet to tell the pace from.' },
  'no-calendar': { teacher: 'No calendar is set for this course.' },
  // --- placement ---
  'placement-sure-enough': { teacher: 'Ended after {questions} {questions:question|questions}: more would tell little.', learner: 'Thank you, that was enough to know where to begin.' },
  'placement-enough-asked': { teacher: 'Ended after {questions} {questions:question|questions}, the most that are asked; some skills are still unsure.', learner: 'Thank you, that is a good start.' },
  'placement-tired': { teacher: 'Ended after {questions} {questions:question|questions}: the last ones were answered too fast, or many went wrong in a row.', learner: 'That was a lot of questions. Let us begin with what you know.' },
  'placement-nothing-to-ask': { teacher: 'Ended after {questions} {questions:question|questions}: the course has no more that grade themselves.', learner: 'There is nothing more to ask. Let us begin.' },
  // --- unit checks ---
  'check-ready': { teacher: 'Everything that {title} needs is mastered by the answers, and {skills} {skills:skill is|skills are} not certified yet: a unit check would likely be passed.', learner: 'You are ready for the check on {title} when you like.' },
  'check-not-ready': { teacher: '{open} {open:skill|skills} that {title} needs {open:is|are} open; a unit check would show where.', learner: 'A few more steps, and you are ready for the check on {title}. You may also try it now.' },
  'check-passed': { teacher: 'Every skill of {title} is certified.', learner: 'You have passed the check on {title}.' },
  'check-certified': { teacher: '{right} of {asked} right on {title}: certified at {mastery}.', learner: 'You have shown that you know {title}.' },
  'check-not-answered': { teacher: '{title} is not certified: {items} of its items {items:is|are} not answered.', learner: '{items} {items:question|questions} on {title} {items:is|are} left.' },
  'check-waiting-for-score': { teacher: '{title} waits for your score of {items} {items:answer|answers}.', learner: 'Your teacher will look at your work on {title}.' },
  'check-too-few-items': { teacher: '{title} is not certified: the course has too few items to assess it.', learner: 'There are too few questions on {title} to tell.' },
  'check-below-the-mark': { teacher: '{title} is not certified: {items} {items:item|items} went wrong ({mastery} from this check alone).', learner: '{title} needs a little more practice, and then you can show it again.' },
  // --- self-assessment ---
  'self-agrees': { teacher: 'Says {level} of {title}; the answers say {mastery}.', learner: 'You see {title} much as your answers do.' },
  'self-surer': {
    teacher: 'Says {level} of {title}; {right} of {answers} answers were right ({mastery}).',
    learner: 'You feel at home in {title}. A few more questions will show how far it carries.',
  },
  'self-less-sure': {
    teacher: 'Says {level} of {title}; {right} of {answers} answers were right ({mastery}).',
    learner: 'You know more of {title} than you think: {right} of {answers} answers were right.',
  },
  'self-too-few-answers': { teacher: 'Says {level} of {title}; {answers} {answers:answer is|answers are} too few to compare.', learner: 'Noted. A few questions on {title} will show where you stand.' },
} as const satisfies { readonly [key: string]: Sentence };

export type ClassroomKey = keyof typeof EN;

const ES: { readonly [Key in ClassroomKey]: { readonly [Reader in keyof (typeof EN)[Key]]: string } } = {
  'flag-stuck': {
    teacher: '{title} se dejó a un lado {pauses} {pauses:vez|veces}: {right} de {answers} respuestas correctas, la última hace {days} {days:día|días}. Es momento de dedicarle diez minutos juntos.',
    learner: '{title} es difícil ahora mismo. Tu docente puede verlo contigo.',
  },
  'flag-wheel-spinning': {
    teacher: '{answers} {answers:respuesta|respuestas} en {title}, {right} correctas, y aún sin una racha estable de aciertos. Otro enfoque puede ayudar más que seguir igual.',
    learner: 'Has trabajado mucho en {title}. Verlo de otra manera puede ayudar.',
  },
  'flag-rapid': {
    teacher: '{rapid} de las últimas {answers} respuestas llegaron demasiado rápido para pensarlas; no cuentan como conocimiento.',
    learner: 'Algunas respuestas llegaron muy rápido. Tómate el tiempo que necesites.',
  },
  'flag-idle': { teacher: 'En una sesión, pero sin respuestas desde hace {minutes} {minutes:minuto|minutos}.' },
  'flag-behind': { teacher: '{days} {days:día|días} por detrás del calendario: {actual} destrezas dominadas, {expected} previstas hasta hoy.' },
  'flag-ahead': { teacher: '{days} {days:día|días} por delante del calendario: {actual} destrezas dominadas, {expected} previstas hasta hoy. Listo para ampliar.' },
  'flag-review-load': {
    teacher: '{due:Toca|Tocan} {due} {due:repaso|repasos}; unos {minutes} {minutes:minuto|minutos}.',
    learner: '{due} {due:repaso corto conserva|repasos cortos conservan} lo que has aprendido.',
  },
  'flag-surer': { teacher: 'Dice {level} de {title}, mientras que {right} de {answers} respuestas fueron correctas ({mastery}). Conviene mirar un ejercicio juntos.' },
  'flag-less-sure': { teacher: 'Dice {level} de {title}, mientras que {right} de {answers} respuestas fueron correctas ({mastery}). Conviene mostrar lo que ya sale bien.' },
  'flag-paused': { teacher: 'El motor está en pausa para este estudiante; no se recomienda nada hasta que continúe.' },
  'group-shared-gap': { teacher: 'Para todos ellos {title} es la destreza más débil en la que pueden trabajar ahora (alrededor de {mastery}).' },
  'group-not-begun': { teacher: 'Para todos ellos sigue {title}; nadie ha respondido aún sobre ella.' },
  'group-mixed-readiness': { teacher: 'La preparación para {title}, de {low} a {high}, se reparte por igual: cada grupo tiene quien puede explicar y quien puede preguntar.' },
  'group-interest': { teacher: 'Todos dijeron que les gusta: {interest}.' },
  'group-rest': { teacher: 'Nadie más aquí comparte sus intereses; aportan {interests} distintos.' },
  'group-extension': { teacher: 'Todos han dominado {title}. Están listos para profundizar.' },
  'group-own': { teacher: 'Un grupo hecho por usted; queda como está.' },
  'joined-second-gap': { teacher: 'Lo que más necesita es {own}, y nadie más; {title} también está pendiente, así que el trabajo de este grupo le sirve.' },
  'joined-room': { teacher: 'No comparte ningún interés declarado con quienes quedan; en este grupo había sitio.' },
  'joined-left-alone': { teacher: 'Quedó a solas en un grupo tras sus cambios; en este grupo había sitio.' },
  'kept-in-group': { teacher: 'Sigue en «{group}» porque usted lo puso allí.' },
  'kept-out': { teacher: 'Queda fuera de los grupos porque usted lo sacó de uno.' },
  'edit-without-group': { teacher: 'Usted lo había puesto en «{group}», que ya no tiene motivo; se le ha buscado otro sitio.' },
  'alone-own-gap': { teacher: 'Ahora necesita {title}, y nadie más: mejor a solas o con usted.' },
  'alone-extension': { teacher: 'Es el único que ha dominado {title}: ampliación por su cuenta.' },
  'joined-no-interest': { teacher: 'Aún no ha dicho qué le interesa; en este grupo había sitio. Pregúntele.' },
  'alone-no-interest': { teacher: 'Aún no ha dicho qué le interesa. Pregúntele.' },
  'alone-own-interest': { teacher: 'Nadie más dijo {interest}, y ningún grupo tenía sitio.' },
  'alone-not-ahead': { teacher: 'Todavía trabaja hacia {title}: {open:queda|quedan} {open} {open:destreza|destrezas}.' },
  'alone-paused': { teacher: 'El motor está en pausa para este estudiante.' },
  'alone-only-one': { teacher: 'No queda nadie con quien trabajar.' },
  'alone-too-many-groups': { teacher: 'Un aula puede tener {most} grupos, y ya los tiene.' },
  'goal-reached': { teacher: 'Las {needed} destrezas están dominadas.', learner: 'Lo has logrado: dominas las {needed} destrezas.' },
  'date-holds': {
    teacher: '{items:Queda|Quedan} cerca de {items} {items:respuesta|respuestas}; a {pace} por día, la fecha de aquí a {days} {days:día|días} se cumple (probabilidad {share}).',
    learner: '{items:Queda|Quedan} cerca de {items} {items:respuesta|respuestas}. A tu ritmo llegarás a tiempo.',
  },
  'date-at-risk': {
    teacher: '{items:Queda|Quedan} cerca de {items} {items:respuesta|respuestas}; a {pace} por día, la fecha de aquí a {days} {days:día|días} peligra (probabilidad {share}). Bastarían {needed} por día.',
    learner: '{items:Queda|Quedan} cerca de {items} {items:respuesta|respuestas}. Con {needed} por día llegarías a tiempo.',
  },
  'date-out-of-reach': {
    teacher: '{items:Queda|Quedan} cerca de {items} {items:respuesta|respuestas}; {pace} por día difícilmente bastarán en {days} {days:día|días}, que pedirían {needed} por día. Una fecha posterior o una meta menor sería lo justo.',
    learner: '{items:Queda|Quedan} cerca de {items} {items:respuesta|respuestas}: más de lo que cabe hasta entonces. Una fecha posterior o una meta menor también está bien.',
  },
  'date-passed': { teacher: 'La fecha fue hace {days} {days:día|días} y {open:queda|quedan} {open} {open:destreza|destrezas}.', learner: 'La fecha ya pasó. {open:Queda|Quedan} {open} {open:destreza|destrezas}: elige otra fecha cuando quieras.' },
  'date-unknown': { teacher: '{items:Queda|Quedan} cerca de {items} {items:respuesta|respuestas} en {days} {days:día|días}. Aún no hay respuestas que muestren el ritmo.', learner: '{items:Queda|Quedan} cerca de {items} {items:respuesta|respuestas}. Unas pocas más mostrarán tu ritmo.' },
  'class-on-pace': { teacher: 'Hasta hoy se prevén {expected} destrezas, y la clase domina {actual} en promedio.' },
  'class-behind': { teacher: 'Hasta hoy se prevén {expected} destrezas, y la clase domina {actual} en promedio: {days} {days:día|días} de retraso.' },
  'class-ahead': { teacher: 'Hasta hoy se prevén {expected} destrezas, y la clase domina {actual} en promedio: {days} {days:día|días} de adelanto.' },
  'class-date-holds': { teacher: '{title}: {finishing} de {learners} estudiantes terminarán para la fecha a su ritmo.' },
  'class-date-at-risk': { teacher: '{title}: solo {finishing} de {learners} estudiantes terminarán para la fecha a su ritmo. Con {needed} respuestas por día cada uno llegarían los demás.' },
  'class-date-unknown': { teacher: '{title}: aún no hay respuestas que muestren el ritmo.' },
  'no-calendar': { teacher: 'No hay calendario para este curso.' },
  'placement-sure-enough': { teacher: 'Terminó tras {questions} {questions:pregunta|preguntas}: más dirían poco.', learner: 'Gracias, con eso basta para saber por dónde empezar.' },
  'placement-enough-asked': { teacher: 'Terminó tras {questions} {questions:pregunta|preguntas}, el máximo; algunas destrezas siguen sin estar claras.', learner: 'Gracias, es un buen comienzo.' },
  'placement-tired': { teacher: 'Terminó tras {questions} {questions:pregunta|preguntas}: las últimas se respondieron demasiado rápido o muchas seguidas salieron mal.', learner: 'Han sido muchas preguntas. Empecemos por lo que sabes.' },
  'placement-nothing-to-ask': { teacher: 'Terminó tras {questions} {questions:pregunta|preguntas}: el curso no tiene más que se corrijan solas.', learner: 'No hay nada más que preguntar. Empecemos.' },
  'check-ready': { teacher: 'Todo lo que pide {title} está dominado según las respuestas, y {skills} {skills:destreza aún no está certificada|destrezas aún no están certificadas}: probablemente superaría un control.', learner: 'Estás listo para el control de {title} cuando quieras.' },
  'check-not-ready': { teacher: '{open:Queda|Quedan} {open} {open:destreza|destrezas} que pide {title}; un control mostraría cuáles.', learner: 'Unos pasos más y estarás listo para el control de {title}. También puedes probarlo ya.' },
  'check-passed': { teacher: 'Todas las destrezas de {title} están certificadas.', learner: 'Has superado el control de {title}.' },
  'check-certified': { teacher: '{right} de {asked} correctas en {title}: certificada con {mastery}.', learner: 'Has demostrado que sabes {title}.' },
  'check-not-answered': { teacher: '{title} no está certificada: {items} de sus ejercicios no {items:tiene|tienen} respuesta.', learner: '{items:Queda|Quedan} {items} {items:pregunta|preguntas} de {title}.' },
  'check-waiting-for-score': { teacher: '{title} espera que usted califique {items} {items:respuesta|respuestas}.', learner: 'Tu docente mirará tu trabajo de {title}.' },
  'check-too-few-items': { teacher: '{title} no está certificada: el curso tiene muy pocos ejercicios para evaluarla.', learner: 'Hay muy pocas preguntas de {title} para saberlo.' },
  'check-below-the-mark': { teacher: '{title} no está certificada: {items} {items:ejercicio salió|ejercicios salieron} mal ({mastery} solo con este control).', learner: '{title} necesita un poco más de práctica, y luego podrás demostrarlo otra vez.' },
  'self-agrees': { teacher: 'Dice {level} de {title}; las respuestas dicen {mastery}.', learner: 'Ves {title} más o menos como tus respuestas.' },
  'self-surer': {
    teacher: 'Dice {level} de {title}; {right} de {answers} respuestas fueron correctas ({mastery}).',
    learner: 'Te sientes a gusto con {title}. Unas preguntas más mostrarán hasta dónde llega.',
  },
  'self-less-sure': {
    teacher: 'Dice {level} de {title}; {right} de {answers} respuestas fueron correctas ({mastery}).',
    learner: 'Sabes más de {title} de lo que crees: {right} de {answers} respuestas fueron correctas.',
  },
  'self-too-few-answers': { teacher: 'Dice {level} de {title}; {answers} {answers:respuesta es poco|respuestas son pocas} para comparar.', learner: 'Anotado. Unas preguntas sobre {title} mostrarán dónde estás.' },
};

export const CLASSROOM_TEXTS = { en: EN, es: ES } as const;

export function said(key: ClassroomKey, params: Reason['params']): Reason {
  return { key, params };
}
