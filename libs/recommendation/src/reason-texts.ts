// What reasons say, in every language that there is: a sentence for the learner, and a fuller one for the teacher where it says more.
// Parameters stand in braces. Titles come from the course and keep its language.
import { CLASSROOM_TEXTS } from './classroom/reasons.js';

/** One of the two at least; the other reader is told the same. */
export interface Sentences {
  readonly learner?: string;
  readonly teacher?: string;
}

const EN = {
  'begin-skill': { learner: 'New: {title}. What it builds on is known well enough.', teacher: '{title} is new for this learner; what it builds on is known well enough to begin.' },
  'begin-with-lesson': { learner: 'New: {title}. Begin with the lesson.', teacher: '{title} is new for this learner and begins with a lesson.' },
  'lesson-again': { learner: 'Let us look at {title} another way.', teacher: 'Several answers in a row on {title} went wrong: a lesson that the learner has not seen yet comes before more practice.' },
  'keep-practising': { learner: '{title} is at {mastery}; it counts as mastered from {goal}.', teacher: 'P(known) of {title} is {mastery}, below the mark of {goal}.' },
  'builds-the-way': { learner: '{title} opens the way to {target}.', teacher: '{title} (at {mastery}, mark {goal}) is a prerequisite on the way to {target}, which is what is worked towards.' },
  'review-due': { learner: '{title} was mastered and last practised {days} days ago.', teacher: '{title} was mastered and last practised {days} days ago; the chance that it is still remembered is {recall}.' },
  'after-a-pause': { learner: 'Back to {title} after a pause: several answers in a row went wrong there.', teacher: '{title} was put aside after several wrong answers in a row and comes back now, at {mastery}.' },
  pinned: { learner: 'Your teacher chose this for you.', teacher: 'Pinned by the {by}; it comes before what the engine would choose.' },
  'session-practise': { learner: 'The next steps towards the goal: {open} skills are open.' },
  'session-learn': { learner: 'Time for something new: {title}.' },
  'session-review': { learner: 'A review keeps what was learned: {due} skills are due.' },
  'choose-one': { learner: 'Choose one of {options}: each leads towards {objective}.', teacher: '{options} good options that differ are offered on the way to {objective}; the learner chooses.' },
  'extension-while-waiting': { learner: 'You have reached {objective}. Here is something that goes further.', teacher: 'Everything of {objective} is mastered; while the class works on it, items that go further are offered.' },
  stuck: { learner: '{title} was put aside {pauses} times after wrong answers in a row. Somebody should look at it together.', teacher: '{title} was put aside {pauses} times after wrong answers in a row ({right} of {answers} right so far). One-to-one help is worth more here than further items.' },
  'all-mastered': { learner: 'Everything that the goal needs is mastered.' },
  'ready-for-check': { learner: 'You seem ready to show what you can do in {objective}. Ask for the check when you like.', teacher: 'Everything of {objective} counts as mastered from practice; {skills} skills are not certified yet. A unit check would.' },
  'nothing-to-practise': { learner: 'The course has no item to practise for what is still open.', teacher: '{open} skills are still open and the course has no item to practise for them.' },
  'nothing-reachable': { learner: '{before} comes first. Somebody should look at it together.', teacher: 'Nothing is within reach: {before} has to be mastered first (at {mastery}, mark {goal}) and nothing leads there. {open} skills are open.' },
  'engine-paused': { learner: 'Your teacher chooses what comes next.', teacher: 'The engine is paused for this learner by the {by}; it goes on when the pause is taken back.' },
  'all-excluded': { learner: 'Your teacher chooses what comes next.', teacher: 'Everything that the aim needs is excluded for this learner ({open} skills are open); take an exclusion back to go on.' },
  'sitting-long': { learner: 'You have worked for {minutes} minutes. A break helps what you learned to settle.', teacher: 'This sitting has lasted {minutes} minutes; a break is suggested, and a short block for those who go on.' },
  'slower-and-wrong': { learner: 'A short break may help.', teacher: 'Answers take {times} times as long as usual and the last {wrong} were wrong; a break is suggested.' },
  rushing: { learner: 'Take your time: no one is counting seconds.', teacher: '{rapid} of {answers} answers of this sitting came too fast to be thought about; they do not count as knowledge, either way.' },
  'excluded-by-teacher': { learner: 'Your teacher took {title} out for now.', teacher: '{title} is excluded for this learner.' },
  'no-items': { learner: 'There is nothing to practise for {title} yet.', teacher: 'The course has neither practice nor lesson for {title}.' },
  'behind-a-wall': { learner: '{title} comes after {before}.', teacher: '{title} waits for {before}, which is at {mastery} and has to reach {goal}.' },
  'passed-paused': { learner: '{title} rests for now.', teacher: '{title} lost to {chosen}: it is paused after wrong answers, or the learner said "not now".' },
  'passed-just-practised': { learner: '{title} was practised just now.', teacher: '{title} lost to {chosen}: it was practised just now, and taking turns teaches more.' },
  'passed-elsewhere': { learner: '{title} comes another time.', teacher: '{title} lost to {chosen}, which is closer to what was practised last.' },
  'passed-not-ready': { learner: '{title} comes a little later.', teacher: '{title} lost to {chosen}: what it builds on is not known well enough yet.' },
  'passed-known': { learner: '{title} is known well already.', teacher: '{title} lost to {chosen}: an answer there would add less, it is known better.' },
  'passed-leads-less': { learner: '{title} comes later.', teacher: '{title} lost to {chosen}, which leads to more of what is worked towards.' },
  'passed-by-draw': { learner: '{title} would have been as good.', teacher: '{title} scored at least as high as {chosen}; the draw, which keeps the engine able to learn what works, took the other.' },
  'would-have-been': { learner: 'With {title} mastered, {next} would come next.', teacher: 'If {title} were mastered, {next} would have come first.' },
  'easier-as-asked': { learner: 'A bit easier, as you asked.', teacher: 'The learner said that it was too hard: easier items of this skill for a week.' },
  'harder-as-asked': { learner: 'A bit harder, as you asked.', teacher: 'The learner said that it was too easy: harder items of this skill for a week.' },
  'support-after-errors': { learner: 'This one helps you along.', teacher: 'Support item: the last {wrong} answers on this skill were wrong.' },
  'support-for-readiness': { learner: 'This one helps you along.', teacher: 'Support item: the least known of what this skill builds on is at {readiness}.' },
  'extension-for-readiness': { learner: 'This one goes a step further.', teacher: 'Extension item: P(known) is {mastery} already.' },
  'easier-after-mood': { learner: 'Something you can do, to get going.', teacher: 'The learner reported to be {mood}: easier items and a shorter block for two hours.' },
  'easier-after-errors': { learner: 'Something you can do, to get going again.', teacher: 'The last {wrong} answers of this sitting were wrong: an easier item and a shorter block.' },
  'fits-interest': { learner: 'Because you like {interest}.', teacher: 'Fits an interest that the learner stated: {interest}.' },
  'fits-modality': { learner: 'The way you like to work: {modality}.', teacher: 'In a modality that the learner stated to prefer: {modality}.' },
  'fits-product': { learner: 'You can show it the way you like: {product}.', teacher: 'Shown in a way that the learner stated to prefer: {product}.' },
  'shown-again': { learner: 'Look how it is done, then try.', teacher: 'After wrong answers, one that shows how it is done ({modality}) comes before another problem.' },
} as const satisfies { readonly [key: string]: Sentences };

export type ReasonKey = keyof typeof EN;

const ES: Readonly<Record<ReasonKey, Sentences>> = {
  'begin-skill': { learner: 'Nuevo: {title}. Ya sabes bastante de lo que hace falta antes.', teacher: '{title} es nuevo para este estudiante; domina lo necesario para empezar.' },
  'begin-with-lesson': { learner: 'Nuevo: {title}. Empieza con la lección.', teacher: '{title} es nuevo para este estudiante y empieza con una lección.' },
  'lesson-again': { learner: 'Veamos {title} de otra manera.', teacher: 'Varias respuestas seguidas de {title} fueron incorrectas: antes de más práctica viene una lección que el estudiante aún no ha visto.' },
  'keep-practising': { learner: '{title} está en {mastery}; se da por dominado desde {goal}.', teacher: 'P(sabe) de {title} es {mastery}, por debajo de la marca de {goal}.' },
  'builds-the-way': { learner: '{title} abre el camino hacia {target}.', teacher: '{title} (en {mastery}, marca {goal}) es un requisito en el camino hacia {target}, que es lo que se persigue.' },
  'review-due': { learner: 'Dominaste {title} y lo practicaste por última vez hace {days} días.', teacher: '{title} se dominó y se practicó por última vez hace {days} días; la probabilidad de que aún se recuerde es {recall}.' },
  'after-a-pause': { learner: 'De vuelta a {title} tras una pausa: varias respuestas seguidas salieron mal.', teacher: '{title} se dejó aparte tras varias respuestas incorrectas seguidas y vuelve ahora, en {mastery}.' },
  pinned: { learner: 'Tu docente eligió esto para ti.', teacher: 'Fijado por: {by}; va antes de lo que elegiría el motor.' },
  'session-practise': { learner: 'Los próximos pasos hacia la meta: quedan {open} destrezas abiertas.' },
  'session-learn': { learner: 'Es hora de algo nuevo: {title}.' },
  'session-review': { learner: 'Un repaso conserva lo aprendido: tocan {due} destrezas.' },
  'choose-one': { learner: 'Elige una de {options}: todas llevan hacia {objective}.', teacher: 'Se ofrecen {options} buenas opciones distintas en el camino hacia {objective}; elige el estudiante.' },
  'extension-while-waiting': { learner: 'Ya alcanzaste {objective}. Aquí tienes algo que va más allá.', teacher: 'Todo lo de {objective} está dominado; mientras la clase trabaja en ello, se ofrece ampliación.' },
  stuck: { learner: '{title} se dejó aparte {pauses} veces tras respuestas incorrectas seguidas. Conviene mirarlo con alguien.', teacher: '{title} se dejó aparte {pauses} veces tras respuestas incorrectas seguidas ({right} de {answers} correctas hasta ahora). La ayuda individual vale aquí más que otros ejercicios.' },
  'all-mastered': { learner: 'Todo lo que la meta necesita está dominado.' },
  'ready-for-check': { learner: 'Parece que puedes mostrar lo que sabes de {objective}. Pide la prueba cuando quieras.', teacher: 'Por la práctica, todo lo de {objective} cuenta como dominado; faltan por certificar {skills} destrezas. Lo haría una prueba de unidad.' },
  'nothing-to-practise': { learner: 'El curso no tiene ejercicios para lo que queda abierto.', teacher: 'Quedan {open} destrezas abiertas y el curso no tiene ejercicios para ellas.' },
  'nothing-reachable': { learner: 'Primero va {before}. Conviene mirarlo con alguien.', teacher: 'No hay nada a su alcance: antes hay que dominar {before} (en {mastery}, marca {goal}) y nada lleva hasta ahí. Quedan {open} destrezas abiertas.' },
  'engine-paused': { learner: 'Tu docente elige lo que sigue.', teacher: 'El motor está en pausa para este estudiante (por: {by}); sigue cuando se retire la pausa.' },
  'all-excluded': { learner: 'Tu docente elige lo que sigue.', teacher: 'Todo lo que la meta necesita está excluido para este estudiante ({open} destrezas abiertas); retire una exclusión para seguir.' },
  'sitting-long': { learner: 'Llevas {minutes} minutos. Un descanso ayuda a fijar lo aprendido.', teacher: 'Esta sesión dura ya {minutes} minutos; se sugiere un descanso, y un bloque corto para quien siga.' },
  'slower-and-wrong': { learner: 'Un descanso corto puede ayudar.', teacher: 'Las respuestas tardan {times} veces lo habitual y las últimas {wrong} fueron incorrectas; se sugiere un descanso.' },
  rushing: { learner: 'Tómate tu tiempo: nadie cuenta los segundos.', teacher: '{rapid} de {answers} respuestas de esta sesión llegaron demasiado rápido para pensarlas; no cuentan ni a favor ni en contra.' },
  'excluded-by-teacher': { learner: 'Tu docente quitó {title} por ahora.', teacher: '{title} está excluido para este estudiante.' },
  'no-items': { learner: 'Todavía no hay nada que practicar de {title}.', teacher: 'El curso no tiene ni práctica ni lección de {title}.' },
  'behind-a-wall': { learner: '{title} viene después de {before}.', teacher: '{title} espera a {before}, que está en {mastery} y debe llegar a {goal}.' },
  'passed-paused': { learner: '{title} descansa por ahora.', teacher: '{title} perdió ante {chosen}: está en pausa tras respuestas incorrectas, o el estudiante dijo "ahora no".' },
  'passed-just-practised': { learner: '{title} se acaba de practicar.', teacher: '{title} perdió ante {chosen}: se acaba de practicar, y alternar enseña más.' },
  'passed-elsewhere': { learner: '{title} viene otro día.', teacher: '{title} perdió ante {chosen}, que está más cerca de lo último que se practicó.' },
  'passed-not-ready': { learner: '{title} viene un poco después.', teacher: '{title} perdió ante {chosen}: aún no se sabe bastante de lo que hace falta antes.' },
  'passed-known': { learner: '{title} ya se sabe bien.', teacher: '{title} perdió ante {chosen}: una respuesta ahí aportaría menos, se sabe mejor.' },
  'passed-leads-less': { learner: '{title} viene después.', teacher: '{title} perdió ante {chosen}, que lleva a más de lo que se persigue.' },
  'passed-by-draw': { learner: '{title} habría sido igual de bueno.', teacher: '{title} puntuó al menos tanto como {chosen}; el sorteo, que permite aprender qué funciona, tomó el otro.' },
  'would-have-been': { learner: 'Con {title} dominado, seguiría {next}.', teacher: 'Si {title} estuviera dominado, habría venido primero {next}.' },
  'easier-as-asked': { learner: 'Un poco más fácil, como pediste.', teacher: 'El estudiante dijo que era demasiado difícil: ejercicios más fáciles de esta destreza durante una semana.' },
  'harder-as-asked': { learner: 'Un poco más difícil, como pediste.', teacher: 'El estudiante dijo que era demasiado fácil: ejercicios más difíciles de esta destreza durante una semana.' },
  'support-after-errors': { learner: 'Este te ayuda a avanzar.', teacher: 'Ejercicio de apoyo: las últimas {wrong} respuestas de esta destreza fueron incorrectas.' },
  'support-for-readiness': { learner: 'Este te ayuda a avanzar.', teacher: 'Ejercicio de apoyo: lo menos sabido de lo que hace falta antes está en {readiness}.' },
  'extension-for-readiness': { learner: 'Este va un paso más allá.', teacher: 'Ejercicio de ampliación: P(sabe) ya es {mastery}.' },
  'easier-after-mood': { learner: 'Algo que puedes hacer, para arrancar.', teacher: 'El estudiante dijo sentirse así: {mood}. Ejercicios más fáciles y un bloque más corto durante dos horas.' },
  'easier-after-errors': { learner: 'Algo que puedes hacer, para volver a arrancar.', teacher: 'Las últimas {wrong} respuestas de esta sesión fueron incorrectas: un ejercicio más fácil y un bloque más corto.' },
  'fits-interest': { learner: 'Porque te gusta: {interest}.', teacher: 'Encaja con un interés que el estudiante indicó: {interest}.' },
  'fits-modality': { learner: 'Como te gusta trabajar: {modality}.', teacher: 'En una modalidad que el estudiante indicó preferir: {modality}.' },
  'fits-product': { learner: 'Puedes mostrarlo como te gusta: {product}.', teacher: 'Se muestra como el estudiante indicó preferir: {product}.' },
  'shown-again': { learner: 'Mira cómo se hace y luego prueba.', teacher: 'Tras respuestas incorrectas, uno que muestra cómo se hace ({modality}) va antes de otro problema.' },
};

export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

export const TEXTS: Readonly<Record<Language, Readonly<Record<string, Sentences>>>> = {
  en: { ...EN, ...CLASSROOM_TEXTS.en },
  es: { ...ES, ...CLASSROOM_TEXTS.es },
};
