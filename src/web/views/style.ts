/** placeholder until the tokens are in */
export const style = 'body{font:19px/1.5 system-ui,sans-serif}'
