package tamanoir.server.filter.junk;

import java.util.Arrays;
import java.util.Optional;

/// What words say, by what was learned: Robinson's estimate for each, Fisher's test over those that say most
/// (G. Robinson, "A Statistical Approach to the Spam Problem", 2003), the site standing behind the account.
///
/// For an account, a word's share of junk is estimated from its own lessons and, as if they were [#SITE_LESSONS] more,
/// from the site's: a beta prior. So the site decides while somebody has taught little, and less with each lesson of
/// their own. Fisher's test says "cannot tell" when words speak for both sides, where naive Bayes would be certain.
/// Immutable.
final class Bayes {
    private static final double SITE_LESSONS = 6;
    /// Robinson's s and x: what a word that nobody has seen is thought to be, and how firmly.
    private static final double STRENGTH = 0.45;
    private static final double UNKNOWN = 0.5;
    /// Words that say less than this are left out.
    private static final double LEAST = 0.1;
    private static final int MOST = 150;
    /// Words with an opinion below which there is none.
    private static final int FEWEST = 5;
    /// Lessons of each kind with which it is believed fully, and below which it is silent.
    private static final double FULL = 30;
    private static final double FIRST = 3;
    private static final double POINTS_JUNK = 5.5;
    private static final double POINTS_HAM = 3.5;

    private Bayes() {}

    static Optional<Reason> judge(long[] tokens, Lessons.Memory memory) {
        double junkLessons = (double) memory.site().junk() + memory.account().junk();
        double hamLessons = (double) memory.site().ham() + memory.account().ham();
        double least = Math.min(junkLessons, hamLessons);
        if (least < FIRST) {
            return Optional.empty();
        }
        double[] opinions = new double[tokens.length];
        int count = 0;
        for (long token : tokens) {
            double p = opinion(memory.counts(token), memory);
            if (Math.abs(p - 0.5) >= LEAST) {
                opinions[count++] = p;
            }
        }
        if (count < FEWEST) {
            return Optional.empty();
        }
        double indicator = combined(strongest(Arrays.copyOf(opinions, count)));
        double trust = Math.min(1, 0.4 + 0.6 * least / FULL);
        return Optional.of(new Reason(key(indicator), points(indicator) * trust));
    }

    private static double opinion(Lessons.Counts counts, Lessons.Memory memory) {
        double seen = (double) counts.siteJunk() + counts.siteHam() + counts.junk() + counts.ham();
        if (seen == 0) {
            return UNKNOWN;
        }
        double junk = share(
                counts.junk(),
                memory.account().junk(),
                counts.siteJunk(),
                memory.site().junk());
        double ham = share(
                counts.ham(),
                memory.account().ham(),
                counts.siteHam(),
                memory.site().ham());
        double p = junk + ham == 0 ? UNKNOWN : junk / (junk + ham);
        return (STRENGTH * UNKNOWN + seen * p) / (STRENGTH + seen);
    }

    /// In how many of the lessons the word was.
    private static double share(long own, long ownLessons, long site, long siteLessons) {
        if (siteLessons == 0) {
            return ownLessons == 0 ? 0 : (double) own / ownLessons;
        }
        double weight = Math.min(SITE_LESSONS, (double) siteLessons);
        return (own + weight * Math.min(1, (double) site / siteLessons)) / ((double) ownLessons + weight);
    }

    private static double[] strongest(double[] opinions) {
        if (opinions.length <= MOST) {
            return opinions;
        }
        double[] distances = new double[opinions.length];
        for (int i = 0; i < opinions.length; i++) {
            distances[i] = Math.abs(opinions[i] - 0.5);
        }
        Arrays.sort(distances);
        double border = distances[distances.length - MOST];
        return Arrays.stream(opinions)
                .filter(p -> Math.abs(p - 0.5) >= border)
                .limit(MOST)
                .toArray();
    }

    /// 1 is junk, 0 is ham, 0.5 is both or neither.
    static double combined(double[] opinions) {
        double logJunk = 0;
        double logHam = 0;
        for (double p : opinions) {
            logJunk += Math.log(p);
            logHam += Math.log(1 - p);
        }
        double ham = chanceAbove(-2 * logJunk, opinions.length);
        double junk = chanceAbove(-2 * logHam, opinions.length);
        return (1 + ham - junk) / 2;
    }

    /// The chance that chi-square with 2n degrees of freedom is above.
    private static double chanceAbove(double chi, int n) {
        double half = chi / 2;
        double logTerm = -half;
        double sum = Math.exp(logTerm);
        for (int i = 1; i < n; i++) {
            logTerm += Math.log(half) - Math.log(i);
            sum += Math.exp(logTerm);
        }
        return Math.min(sum, 1);
    }

    private static String key(double indicator) {
        int hundredths = Math.clamp((int) (indicator * 100), 0, 99);
        return hundredths < 40 ? "BAYES_HAM" : hundredths <= 60 ? "BAYES_UNSURE" : "BAYES_JUNK";
    }

    /// Nothing in the middle, most at the ends: what is not nearly certain moves nobody's mail by itself.
    private static double points(double indicator) {
        double side = 2 * indicator - 1;
        double curve = Math.signum(side) * side * side;
        return curve * (side > 0 ? POINTS_JUNK : POINTS_HAM);
    }
}
