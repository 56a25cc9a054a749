// The statutory calendar as the npm package chinese-days has it, read by nobody here: [date, works, holiday], for every
// year that it lists holidays of, from the year given on.
import { createRequire } from 'node:module';

const { getDayDetail } = createRequire(new URL('../../../end2end/package.json', import.meta.url))('chinese-days');
const days = [];
for (let year = Number(process.argv[2]); ; year += 1) {
  const ofYear = [];
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += 86_400_000) {
    const date = new Date(at).toISOString().slice(0, 10);
    const { work, name } = getDayDetail(date);
    // Ordinary days are named after the weekday, others "English,Chinese,days".
    const [, holiday = ''] = name.split(',');
    ofYear.push([date, work, holiday]);
  }
  if (ofYear.every(([, , holiday]) => holiday === '')) break;
  days.push(...ofYear);
}
process.stdout.write(JSON.stringify(days));
