import { studentQuantile } from './student-quantile.js';

// From the tables in every textbook.
it.each([
  { share: 0.975, freedom: 10, quantile: 2.228 },
  { share: 0.975, freedom: 30, quantile: 2.042 },
  { share: 0.995, freedom: 20, quantile: 2.845 },
  { share: 0.9995, freedom: 40, quantile: 3.551 },
  { share: 0.975, freedom: 1e6, quantile: 1.96 },
])('$share with $freedom degrees of freedom is $quantile', ({ share, freedom, quantile }) => {
  expect(Math.abs(studentQuantile(share, freedom) - quantile)).toBeLessThan(0.01);
});
